package dev.rouse.devcluster.model;

import static dev.rouse.devcluster.model.ModelClient.add;
import static dev.rouse.devcluster.model.ModelClient.chat;
import static dev.rouse.devcluster.model.ModelClient.events;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.ledger.Fault;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same scripts, troubles and books over the chat protocol. */
@Timeout(60)
class ChatServerTest extends ServerBench {

  private static final String SCRIPT =
      """
      turns:
        - name: cut
          when: {user: ^cut}
          say: This is a text of some length, so that it has many pieces.
          trouble: [{cutAfter: 3}, {cutAfter: 999}]
        - name: busy
          when: {user: ^busy}
          say: At last.
          trouble: [{status: 429, retryAfter: 2}, {errorAfter: 2}]
        - name: work
          when: {user: ^work}
          say: Grüße 😀, I look.
          call:
            - tool: bash
              input: {command: "echo 'a somewhat longer command'"}
            - tool: glob
              input: {pattern: "*"}
        - name: again
          when: {after: work, error: true}
          say: It failed with ${tool_result.0.text}
        - name: done
          when: {after: work}
          say: Saw ${tool_result.0.text} and ${tool_result.1.text}.
      """;

  ChatServerTest() {
    super(SCRIPT);
  }

  @Test
  void streamsAnAnswerChunkByChunk() throws Exception {
    // When
    var response = client.streamChat(chat("m", "work"));
    var lines = response.body().toList();
    // Then
    var chunks = events(lines.stream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(response.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
    assertThat(lines.stream().filter(line -> !line.isEmpty()))
        .allMatch(line -> line.startsWith("data: "))
        .endsWith("data: [DONE]");
    assertThat(
            chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                .collect(Collectors.joining()))
        .isEqualTo("Grüße 😀, I look.");
    assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isPositive();
    awaitOutcomes(Outcome.ANSWERED);
  }

  @Test
  void goesOnFromToolResultsUnderTheCallersIds() throws Exception {
    // Given
    ObjectNode request = worked("mine_1", "mine_2", "one", "two");
    // When
    var answer = client.postChat(request);
    // Then
    assertThat(content(answer.body())).isEqualTo("Saw one and two.");
    assertThat(server.calls()).extracting(Call::turn).containsExactly("work", "done");
  }

  @Test
  void seesThatAToolFailed() throws Exception {
    // Given
    ObjectNode request = worked("a", "b", "The tool call failed:\nno disk", "two");
    // When
    var answer = client.postChat(request);
    // Then
    assertThat(content(answer.body())).isEqualTo("It failed with no disk");
  }

  @Test
  void cutsTheConnectionBeforeTheAnswerIsKnown() throws Exception {
    // When
    String early = client.rawChat(chat("m", "cut"));
    String late = client.rawChat(chat("m", "cut"));
    var whole = events(client.streamChat(chat("m", "cut")).body());
    // Then
    assertThat(early.split("data: ", -1)).hasSize(1 + 3);
    assertThat(late.split("data: ", -1)).hasSizeGreaterThan(1 + 3);
    assertThat(late).doesNotContain("\"finish_reason\":\"stop\"").doesNotEndWith("0\r\n\r\n");
    assertThat(whole.get(whole.size() - 2).at("/choices/0/finish_reason").asText())
        .isEqualTo("stop");
    awaitOutcomes(Outcome.CUT, Outcome.CUT, Outcome.ANSWERED);
  }

  @Test
  void refusesAndBreaksOffAsTheScriptSays() throws Exception {
    // When
    var refused = client.postChat(chat("m", "busy"));
    var broken = events(client.streamChat(chat("m", "busy")).body());
    var answered = client.postChat(chat("m", "busy"));
    // Then
    JsonNode error = ModelClient.JSON.readTree(refused.body()).path("error");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("2");
    assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(broken).hasSize(3);
    assertThat(broken.getLast().at("/error/type").asText()).isEqualTo("server_error");
    assertThat(content(answered.body())).isEqualTo("At last.");
    assertThat(server.faults()).isEmpty();
  }

  @Test
  void refusesWhatAStrictServerRefuses() throws Exception {
    // Given
    var twoUsers = chat("m", "work");
    add(twoUsers, "user", "work");
    var missing = worked("a", "b", "one", "two");
    missing.withArray("messages").remove(4);
    var changed = worked("c", "d", "one", "two");
    client.postChat(changed);
    ((ObjectNode) changed.withArray("messages").get(2)).put("content", "I never said this.");
    // When
    var statuses =
        List.of(
            client.postChat(twoUsers).statusCode(),
            client.postChat(missing).statusCode(),
            client.postChat(changed).statusCode(),
            client.postChat(chat("n", "work")).statusCode(),
            client.postChat(chat("m", "work").put("max_tokens", 0)).statusCode());
    // Then
    assertThat(statuses).containsExactly(400, 400, 400, 404, 400);
    assertThat(server.faults())
        .extracting(Fault::kind)
        .containsExactly(
            "roles_out_of_turn",
            "tool_result_missing",
            "invented_answer",
            "unknown_model",
            "bad_max_tokens");
  }

  @Test
  void acceptsOnlyItsKeyAsABearer() throws Exception {
    // Given
    try (var locked = start("right");
        var caller = new ModelClient(locked.url())) {
      var body = chat("m", "busy");
      // When
      var statuses =
          List.of(
              caller.send(caller.completions(body)).statusCode(),
              caller.send(caller.completions(body).header("x-api-key", "right")).statusCode(),
              caller
                  .send(caller.completions(body).header("authorization", "Bearer wrong"))
                  .statusCode(),
              caller
                  .send(caller.completions(body).header("authorization", "Bearer right"))
                  .statusCode());
      // Then: the script refuses the first that is let in.
      assertThat(statuses).containsExactly(401, 401, 401, 429);
    }
  }

  /** The first turn played, with ids and results of the caller's own. */
  private ObjectNode worked(String firstId, String secondId, String first, String second)
      throws IOException, InterruptedException {
    ObjectNode request = chat("m", "work");
    JsonNode message =
        ModelClient.JSON.readTree(client.postChat(request).body()).at("/choices/0/message");
    ((ObjectNode) message.at("/tool_calls/0")).put("id", firstId);
    ((ObjectNode) message.at("/tool_calls/1")).put("id", secondId);
    request.withArray("messages").add(message);
    result(request, firstId, first);
    result(request, secondId, second);
    return request;
  }

  private static void result(ObjectNode request, String id, String text) {
    request
        .withArray("messages")
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", id)
        .put("content", text);
  }

  private static String content(String body) throws IOException {
    return ModelClient.JSON.readTree(body).at("/choices/0/message/content").asText();
  }
}
