package dev.rouse.devcluster.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.model.protocol.Protocol.Event;
import dev.rouse.devcluster.model.protocol.Protocol.Event.Place;
import dev.rouse.devcluster.model.protocol.Protocol.Outgoing;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Outgoing OUTSIDE = new Outgoing("chatcmpl_1", "m", 7);
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private static Answer answer() throws Exception {
    return new Answer(
        List.of(
            new Part.Text("a somewhat longer text"),
            new Part.ToolUse("call_1", "bash", JSON.readTree("{\"command\":\"echo some words\"}")),
            new Part.ToolUse("call_2", "glob", JSON.readTree("{}"))),
        "tool_use");
  }

  private static List<JsonNode> chunks(List<Event> events) throws Exception {
    List<JsonNode> chunks = new java.util.ArrayList<>();
    for (Event event : events.subList(0, events.size() - 1)) {
      chunks.add(JSON.readTree(event.data()));
    }
    return chunks;
  }

  @Test
  void callsComeInPiecesUnderTheirIndex() throws Exception {
    // When
    List<Event> events = Completions.stream(OUTSIDE, NOW, answer(), true);
    // Then
    List<JsonNode> chunks = chunks(events);
    assertThat(
            chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                .collect(Collectors.joining()))
        .isEqualTo("a somewhat longer text");
    List<JsonNode> first =
        chunks.stream()
            .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0"))
            .filter(call -> call.path("index").asInt(-1) == 0)
            .toList();
    assertThat(first).hasSizeGreaterThan(2);
    assertThat(first.getFirst().path("id").asText()).isEqualTo("call_1");
    assertThat(first.getFirst().at("/function/name").asText()).isEqualTo("bash");
    assertThat(first.subList(1, first.size())).noneMatch(call -> call.has("id"));
    assertThat(
            first.stream()
                .map(call -> call.at("/function/arguments").asText())
                .collect(Collectors.joining()))
        .isEqualTo("{\"command\":\"echo some words\"}");
  }

  @Test
  void theEndIsReasonThenUsageThenDone() throws Exception {
    // When
    List<Event> events = Completions.stream(OUTSIDE, NOW, answer(), true);
    // Then
    List<JsonNode> chunks = chunks(events);
    JsonNode usage = chunks.getLast();
    assertThat(events.getLast().data()).isEqualTo("[DONE]");
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(7);
    assertThat(usage.at("/usage/completion_tokens").asInt()).isPositive();
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
        .isEqualTo("tool_calls");
    assertThat(chunks.subList(0, chunks.size() - 1)).allMatch(chunk -> chunk.get("usage").isNull());
    assertThat(events.stream().filter(event -> event.place() == Place.END)).hasSize(3);
  }

  @Test
  void whoDoesNotAskForUsageGetsNone() throws Exception {
    // When
    List<Event> events = Completions.stream(OUTSIDE, NOW, answer(), false);
    // Then
    assertThat(chunks(events)).noneMatch(chunk -> chunk.has("usage"));
  }

  @Test
  void theWholeSaysTheSame() throws Exception {
    // When
    JsonNode whole = Completions.whole(OUTSIDE, NOW, answer());
    // Then
    JsonNode message = whole.at("/choices/0/message");
    assertThat(whole.path("object").asText()).isEqualTo("chat.completion");
    assertThat(message.path("content").asText()).isEqualTo("a somewhat longer text");
    assertThat(message.path("tool_calls")).hasSize(2);
    assertThat(message.at("/tool_calls/1/function/arguments").asText()).isEqualTo("{}");
    assertThat(whole.at("/usage/total_tokens").asInt()).isGreaterThan(7);
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn,stop",
    "tool_use,tool_calls",
    "max_tokens,length",
    "refusal,content_filter"
  })
  void everyReasonHasItsWord(String scripts, String chats) {
    // When
    JsonNode whole =
        Completions.whole(OUTSIDE, NOW, new Answer(List.of(new Part.Text("x")), scripts));
    // Then
    assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo(chats);
  }
}
