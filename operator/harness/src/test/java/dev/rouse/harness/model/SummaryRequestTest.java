package dev.rouse.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.fake.Said;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryRequestTest {

  private static String asked(ModelRequest request) {
    assertThat(request.transcript()).hasSize(1);
    return ContentBlock.textOf(((UserEvent.Message) request.transcript().getFirst()).content());
  }

  @Test
  void theHistoryIsToldAsAText() {
    // Given
    List<Event> transcript = new ArrayList<>(Said.crossedResults());
    transcript.add(Said.user(Said.block("image", Map.of())));
    ModelRequest conversation = Said.request("they met", transcript);

    // When
    ModelRequest request = SummaryRequest.of(conversation, transcript.size(), 1_000);

    // Then
    assertThat(asked(request))
        .contains(
            """
            <history>
            User: Summary of the conversation so far:
            they met
            User: go
            Agent: Let me see.
            Agent calls bash: {"command":"t1"}
            Agent calls bash: {"command":"t2"}
            Error: one
            Result: two
            User: also this
            User: [image]
            </history>\
            """);
    assertThat(request.tools()).isEmpty();
    assertThat(request.summary()).isNull();
    assertThat(request.maxTokens()).isEqualTo(conversation.maxTokens());
    assertThat(request.system()).isNotBlank();
  }

  @Test
  void onlyTheFirstEntriesAreTold() {
    // When
    ModelRequest request =
        SummaryRequest.of(Said.request(null, List.of(Said.user("a"), Said.user("b"))), 1, 1_000);

    // Then
    assertThat(asked(request)).contains("User: a\n</history>").doesNotContain("User: b");
  }

  @Test
  void whatIsLongIsCutFirst() {
    // Given
    String end = "the end of it";
    List<Event> transcript =
        List.of(
            Said.user("keep this"), Said.user("x".repeat(100_000) + end), Said.agent("and this"));

    // When
    String asked = asked(SummaryRequest.of(Said.request(null, transcript), 3, 500));

    // Then
    assertThat(asked).contains("User: keep this", end, "characters left out", "Agent: and this");
    assertThat(asked.length()).isLessThan(500 * 4 + 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 30, 99, 1_000})
  void whateverTheLimitTheTextIsShortAndWhole(int mostTokens) {
    // Given: nothing but characters that take two chars.
    List<Event> transcript = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      transcript.add(Said.user("\uD83D\uDE00".repeat(i * 10)));
    }

    // When
    String asked = asked(SummaryRequest.of(Said.request(null, transcript), 100, mostTokens));

    // Then: half a character would be lost on the way to bytes and back.
    assertThat(new String(asked.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(asked);
    assertThat(asked.length()).isLessThan(mostTokens * 4 + 200);
  }
}
