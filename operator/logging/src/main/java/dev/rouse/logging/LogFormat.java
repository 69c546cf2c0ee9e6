package dev.rouse.logging;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How log lines are written, {@code ROUSE_LOG_FORMAT}. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One JSON object a line, for programs. */
  JSON;

  /** The setting's name, the same for every program. */
  public static final String SETTING = "ROUSE_LOG_FORMAT";

  /** The setting's value. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format that these environment variables ask for; text if they ask for none.
   *
   * @throws IllegalArgumentException when there is no such format; the message names the setting
   */
  public static LogFormat of(Map<String, String> environment) {
    String asked = environment.getOrDefault(SETTING, "").strip();
    if (asked.isEmpty()) {
      return TEXT;
    }
    return Arrays.stream(values())
        .filter(it -> it.value().equals(asked))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s must be %s, not %s"
                    .formatted(
                        SETTING,
                        Arrays.stream(values())
                            .map(LogFormat::value)
                            .collect(Collectors.joining(" or ")),
                        asked)));
  }
}
