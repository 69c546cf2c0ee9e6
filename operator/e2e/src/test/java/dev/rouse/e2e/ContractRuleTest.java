package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContractRuleTest {

  private static ContractRule rule(String id, String missing) {
    return new ContractRule("Agents", "1.2", "agents.create", id, "a rule", missing);
  }

  @Test
  void aRuleIsShownOrSaysWhatItWaitsFor() {
    // When
    List<String> faults =
        ContractRule.faults(
            List.of(rule("shown", ""), rule("waiting", "nobody asks for it")), Set.of("shown"));
    // Then
    assertThat(faults).isEmpty();
  }

  @Test
  void aRuleWithNeitherATestNorAReasonIsNamedWithTheWayOut() {
    // When
    List<String> faults =
        ContractRule.faults(List.of(rule("silent", ""), rule("blank", " ")), Set.of());
    // Then
    assertThat(faults)
        .containsExactly(
            "silent has neither a test nor a reason: give the test that shows it"
                + " @Tag(\"contract-silent\"), or say at the end of its line in contract-rules.txt"
                + " what it waits for",
            "blank has neither a test nor a reason: give the test that shows it"
                + " @Tag(\"contract-blank\"), or say at the end of its line in contract-rules.txt"
                + " what it waits for");
  }

  @Test
  void whatRulesAndTagsSayOfEachOtherFits() {
    // When
    List<String> faults =
        ContractRule.faults(
            List.of(rule("late", "its time"), rule("twice", ""), rule("twice", "")),
            Set.of("late", "twice", "stray"));
    // Then
    assertThat(faults)
        .containsExactly(
            "late is shown by a test: take what it waits for out of contract-rules.txt",
            "twice is the id of two rules: rename one in contract-rules.txt",
            "stray is no rule: add its line to contract-rules.txt, or correct the tag"
                + " contract-stray");
  }
}
