package dev.rouse.server.keeper;

import static dev.rouse.server.keeper.Folded.after;
import static dev.rouse.server.keeper.Folded.agent;
import static dev.rouse.server.keeper.Folded.received;
import static dev.rouse.server.keeper.Folded.result;
import static dev.rouse.server.keeper.Folded.use;
import static dev.rouse.server.keeper.Folded.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailTest {

  @Test
  void showsMessagesCallsAndResultsInOneLineEach() {
    // Given
    AgentEvent.ToolUse bash = use("bash", "command", "make\n\ttest", "allow");
    AgentEvent.ToolUse glob = use("glob", "pattern", "**/*.java", "allow");
    // When
    List<String> tail =
        Tail.of(
            after(
                user("please\ntest"),
                bash,
                result(bash, "ok\n12 passed", false),
                glob,
                result(glob, "no such directory", true),
                agent("Done."),
                received(user("thanks"))));
    // Then
    assertThat(tail)
        .containsExactly(
            "user: please test",
            "bash: make test",
            "→ ok 12 passed",
            "glob: **/*.java",
            "→ error: no such directory",
            "agent: Done.",
            "user: thanks");
  }

  @Test
  void showsTheLastEight() {
    // Given
    Event[] many = IntStream.range(0, 100).mapToObj(i -> agent("m" + i)).toArray(Event[]::new);
    // When
    List<String> tail = Tail.of(after(many));
    // Then
    assertThat(tail).hasSize(8).startsWith("agent: m92").endsWith("agent: m99");
  }

  @Test
  void cutsLongLinesWithoutBreakingACharacter() {
    // Given
    String emoji = "😀".repeat(500);
    // When
    List<String> tail =
        Tail.of(after(agent("x".repeat(100_000)), agent(emoji), agent("y" + emoji)));
    // Then
    assertThat(tail)
        .allSatisfy(line -> {
          assertThat(line).hasSizeLessThanOrEqualTo(200).endsWith("…");
          assertThat(Character.isHighSurrogate(line.charAt(line.length() - 2))).isFalse();
        });
  }

  @Test
  void aSessionThatWasSaidNothingHasNone() {
    assertThat(Tail.of(after())).isEmpty();
  }
}
