package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md says what the tests show. */
class CompatibilityTest {

  private static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/compatibility.md");
  private static final Pattern CASE =
      Pattern.compile("<testcase name=\"(\\w+)[^>]*?(/>|>(.*?)</testcase>)", Pattern.DOTALL);

  @Test
  void thePageSaysWhatTheTestsShow() throws IOException {
    // Given
    String page = CompatibilityPage.of(ROOT);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    // When
    String committed = Files.readString(PAGE);
    // Then
    assertThat(committed)
        .as("docs/compatibility.md; -Ddocs.update=true writes it anew")
        .isEqualTo(page);
  }

  @Test
  void everyTagIsThatOfARuleAndNoRuleThatIsShownWaits() throws IOException {
    // When
    List<ContractRule> rules = ContractRule.all(ROOT);
    Map<String, TreeSet<String>> tests = TaggedTests.of(ROOT, "contract-");
    // Then
    assertThat(rules).extracting(ContractRule::id).doesNotHaveDuplicates();
    assertThat(rules).extracting(ContractRule::id).containsAll(tests.keySet());
    assertThat(rules)
        .filteredOn(it -> tests.containsKey(it.id()))
        .as("they have tests: take away what they say is missing")
        .allMatch(it -> it.missing().isEmpty());
  }

  /** Other modules ran before this one: what failed there, or was left out, shows nothing. */
  @Test
  void noTestThatThePageNamesFailedWhenItLastRan() throws IOException {
    // Given
    List<String> failed = new ArrayList<>();
    // When
    for (TreeSet<String> names : TaggedTests.of(ROOT, "contract-").values()) {
      for (String name : names) {
        String[] parts = name.split("#");
        Optional<Path> report = report(parts[0]);
        if (report.isPresent() && hasFailed(report.get(), parts[1])) {
          failed.add(name);
        }
      }
    }
    // Then
    assertThat(failed).isEmpty();
  }

  private static Optional<Path> report(String type) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT.resolve("operator"))) {
      for (Path module : modules.toList()) {
        Path reports = module.resolve("target/surefire-reports");
        if (!Files.isDirectory(reports)) {
          continue;
        }
        try (Stream<Path> files = Files.list(reports)) {
          Optional<Path> found =
              files
                  .filter(it -> it.getFileName().toString().matches("TEST-.*\\." + type + "\\.xml"))
                  .findFirst();
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hasFailed(Path report, String method) throws IOException {
    Matcher cases = CASE.matcher(Files.readString(report));
    while (cases.find()) {
      String inner = cases.group(3);
      if (cases.group(1).equals(method)
          && inner != null
          && (inner.contains("<failure") || inner.contains("<error"))) {
        return true;
      }
    }
    return false;
  }
}
