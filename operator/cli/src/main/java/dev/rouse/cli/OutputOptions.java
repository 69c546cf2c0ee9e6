package dev.rouse.cli;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How events are shown. */
final class OutputOptions {

  /** For people, or for programs. */
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "text or json (one event a line); text on a terminal and json in a pipe if left out.")
  private @Nullable Format format;

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "12",
      description = "Lines shown of a long text; ${DEFAULT-VALUE} if left out.")
  private int lines;

  /** The printer that these options and the terminal ask for. */
  EventPrinter printer(CommandLine command) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    Format chosen = format != null ? format : terminal ? Format.text : Format.json;
    return switch (chosen) {
      case json -> new EventPrinter.Json(command.getOut(), command.getErr());
      case text ->
          new TextPrinter(
              command.getOut(),
              CommandLine.Help.Ansi.AUTO.enabled(),
              ZoneId.systemDefault(),
              lines);
    };
  }
}
