package dev.rouse.server;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Environment variables, read with their defaults; an empty one is as good as none. */
record Settings(Map<String, String> environment) {

  String text(String key, String otherwise) {
    String value = environment.getOrDefault(key, "");
    return value.isBlank() ? otherwise : value.strip();
  }

  List<String> list(String key) {
    return Arrays.stream(text(key, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  Duration duration(String key, Duration otherwise) {
    String text = text(key, otherwise.toString());
    try {
      Duration duration = Duration.parse(text);
      if (duration.isPositive()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // The message below says more.
    }
    throw new IllegalArgumentException(
        key + " must be a positive ISO 8601 duration, for example PT10S, not " + text);
  }

  long bytes(String key, long otherwise) {
    String text = text(key, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException(key + " must be a number of bytes above 0, not " + text);
    }
    return Long.parseLong(text);
  }

  /** A whole number from {@code least} to {@code most}. */
  int count(String key, int otherwise, int least, int most) {
    String text = text(key, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException(
          key + " must be a number from " + least + " to " + most + ", not " + text);
    }
    return Integer.parseInt(text);
  }
}
