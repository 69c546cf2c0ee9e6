package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md says what the tests show. */
class CompatibilityTest {

  private static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/compatibility.md");

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
  void everyTagIsThatOfARuleAndEveryRuleIsShownOrSaysWhatItWaitsFor() throws IOException {
    // When
    List<String> faults =
        ContractRule.faults(ContractRule.all(ROOT), TaggedTests.of(ROOT, "contract-").keySet());
    // Then
    assertThat(faults).isEmpty();
  }

  /** Other modules ran before this one: what failed there, or was left out, shows nothing. */
  @Test
  void everyTestThatThePageNamesPassedWhenItsClassLastRan() throws IOException {
    // Given
    TreeSet<String> names = new TreeSet<>();
    TaggedTests.of(ROOT, "contract-").values().forEach(names::addAll);
    List<String> faults = new ArrayList<>();
    // When
    for (String name : names) {
      String[] parts = name.split("#");
      TestReport.of(ROOT, parts[0], parts[1])
          .flatMap(it -> it.fault(parts[1]))
          .ifPresent(it -> faults.add(name + " " + it));
    }
    // Then
    assertThat(faults)
        .as("they show nothing: run the whole of their classes again, or mvn clean")
        .isEmpty();
  }
}
