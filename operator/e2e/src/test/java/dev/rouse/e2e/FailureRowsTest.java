package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/design/failures.md names the test of each failure, and each such test bears its number. */
class FailureRowsTest {

  private static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]*) ?\\|");
  private static final Pattern TEST = Pattern.compile("`(\\w+#\\w+)`");

  private record Row(int number, TreeSet<String> tests, String left) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/design/failures.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        TreeSet<String> tests = new TreeSet<>();
        TEST.matcher(row.group(3)).results().forEach(it -> tests.add(it.group(1)));
        rows.add(new Row(Integer.parseInt(row.group(1)), tests, row.group(4).strip()));
      }
    }
    return rows;
  }

  @Test
  void everyRowHasTheTestsThatBearItsNumberOrSaysWhatIsLeft() throws IOException {
    // When
    List<Row> rows = rows();
    Map<String, TreeSet<String>> tagged = TaggedTests.of(ROOT, "failure-");

    // Then
    assertThat(rows)
        .extracting(Row::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 25).boxed().toList());
    for (Row row : rows) {
      assertThat(row.tests())
          .as("tests of failure %d: those of the page, and those with the tag", row.number())
          .isEqualTo(tagged.getOrDefault(Integer.toString(row.number()), new TreeSet<>()));
      assertThat(row.tests().isEmpty() && row.left().isEmpty())
          .as("failure %d has neither a test nor a reason", row.number())
          .isFalse();
    }
  }
}
