package dev.rouse.e2e.trouble;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param order among the lines
 * @param fault what was wrong, in the words of who made it so
 * @param saw what people were told meanwhile, word for word
 * @param taken from the end of the fault to the acknowledgement of what was said meanwhile; zero if
 *     it was taken before the end, null if nothing was said meanwhile
 * @param rested from the end of the fault until the session had answered and rested
 * @param balance what the books said in the end
 */
record Row(
    int order,
    String fault,
    List<String> saw,
    @Nullable Duration taken,
    Duration rested,
    String balance) {

  Row {
    saw = List.copyOf(saw);
  }

  /** As a line of Markdown. */
  String markdown() {
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            fault,
            String.join("<br>", saw.stream().map(Row::cell).toList()),
            taken == null ? "–" : taken.isZero() ? "while it lasted" : seconds(taken),
            seconds(rested),
            balance);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", "<br>");
  }

  private static String seconds(Duration time) {
    return "%d.%d s".formatted(time.toSeconds(), time.toMillisPart() / 100);
  }
}
