package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestReportTest {

  private static final String PAGE =
      """
      <testsuite name="dev.rouse.BoxTest">
        <testcase name="passes" classname="dev.rouse.BoxTest" time="0.01"/>
        <testcase name="speaks" classname="dev.rouse.BoxTest" time="0.01">
          <system-out>hello</system-out>
        </testcase>
        <testcase name="fails" classname="dev.rouse.BoxTest">
          <failure message="no" type="AssertionError">at</failure>
        </testcase>
        <testcase name="breaks" classname="dev.rouse.BoxTest"><error type="Error"/></testcase>
        <testcase name="waits" classname="dev.rouse.BoxTest"><skipped message="no nft"/></testcase>
        <testcase name="all(String)[1]" classname="dev.rouse.BoxTest"/>
        <testcase name="all(String)[2]" classname="dev.rouse.BoxTest"/>
        <testcase name="some(String)[1]" classname="dev.rouse.BoxTest"><skipped/></testcase>
        <testcase name="some(String)[2]" classname="dev.rouse.BoxTest"/>
        <testcase name="most(String)[1]" classname="dev.rouse.BoxTest"><skipped/></testcase>
        <testcase name="most(String)[2]" classname="dev.rouse.BoxTest"><failure/></testcase>
        <testcase name="named() when it is cold" classname="dev.rouse.BoxTest"/>
      </testsuite>
      """;

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "passes,",
    "speaks,",
    "all,",
    "named,",
    "fails,failed",
    "breaks,failed",
    "most,failed",
    "waits,was skipped",
    "some,was skipped",
    "pass,is not in its class' report",
    "passesToo,is not in its class' report"
  })
  void onlyWhatRanAndPassedShowsSomething(String method, String fault) {
    // When
    Optional<String> found = new TestReport(PAGE).fault(method);
    // Then
    assertThat(found).isEqualTo(Optional.ofNullable(fault));
  }

  @Test
  void aClassThatNoModuleRanHasNoReport() throws IOException {
    // Given
    test("api", "dev.rouse.api.LargeBoxTest", "passes");
    Files.createDirectories(root.resolve("operator/log"));
    // When
    Optional<TestReport> report = TestReport.of(root, "BoxTest", "passes");
    // Then
    assertThat(report).isEmpty();
  }

  @Test
  void ofTwoClassesOfOneNameTheOneWithTheTestCounts() throws IOException {
    // Given
    test("api", "dev.rouse.api.BoxTest", "opens");
    test("log", "dev.rouse.log.BoxTest", "passes");
    // When
    Optional<TestReport> opens = TestReport.of(root, "BoxTest", "opens");
    Optional<TestReport> passes = TestReport.of(root, "BoxTest", "passes");
    Optional<TestReport> other = TestReport.of(root, "BoxTest", "shuts");
    // Then
    assertThat(opens.orElseThrow().page()).isEqualTo("dev.rouse.api.BoxTest");
    assertThat(passes.orElseThrow().page()).isEqualTo("dev.rouse.log.BoxTest");
    assertThat(other).as("that of a module that did not run").isEmpty();
  }

  /** A class of one test that has run. */
  private void test(String module, String type, String method) throws IOException {
    Path at = root.resolve("operator").resolve(module);
    Path source = at.resolve("src/test/java").resolve(type.replace('.', '/') + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "  void " + method + "() {");
    Path reports = at.resolve("target/surefire-reports");
    Files.createDirectories(reports);
    Files.writeString(reports.resolve("TEST-" + type + ".xml"), type);
  }
}
