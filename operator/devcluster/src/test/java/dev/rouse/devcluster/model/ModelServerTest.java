package dev.rouse.devcluster.model;

import static dev.rouse.devcluster.model.ModelClient.add;
import static dev.rouse.devcluster.model.ModelClient.events;
import static dev.rouse.devcluster.model.ModelClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.ledger.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelServerTest extends ServerBench {

  private static final String SCRIPT =
      """
      turns:
        - name: cut
          when: {user: ^cut}
          say: This is a text of some length, so that it has many pieces.
          trouble: [{cutAfter: 5}, {cutAfter: 0}, {cutAfter: 999}]
        - name: busy
          when: {user: ^busy}
          say: At last.
          trouble: [{status: 529, retryAfter: 2, times: 2}, {status: 429}, {errorAfter: 3}]
        - name: held
          when: {user: ^held}
          say: Free.
          hold: go-on
        - name: slow
          when: {user: ^slow}
          say: This is a text of some length, so that it has many pieces.
          chunkDelayMs: 60000
        - name: odd
          when: {user: ^odd}
          say: "${tool_result.0.text}"
        - name: strange
          when: {user: ^strange}
          call: [{tool: fly, input: {}}]
        - name: stops
          when: {user: ^stop}
          say: I ran out of
          stopReason: max_tokens
        - name: work
          when: {user: ^work}
          say: Grüße 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀, I look.
          call:
            - tool: bash
              input: {command: "echo 'a somewhat longer command'", timeout_ms: 1000}
            - tool: glob
              input: {pattern: "*"}
        - name: done
          when: {after: work}
          say: Saw ${tool_result.0.text} and ${tool_result.1.text}.
      """;

  ModelServerTest() {
    super(SCRIPT);
  }

  @Test
  void streamsAnAnswerPieceByPiece() throws Exception {
    // When
    var response = client.stream(request("m", "work"));
    var events = events(response.body());
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(response.headers().firstValue("request-id").orElseThrow()).startsWith("req_");
    assertThat(types(events).stream().distinct())
        .containsExactly(
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    assertThat(text(events))
        .isEqualTo("Grüße 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀, I look.");
    assertThat(events.stream().filter(e -> e.at("/delta/type").asText().equals("text_delta")))
        .hasSizeGreaterThan(3)
        .allSatisfy(e -> assertThat(e.at("/delta/text").asText()).doesNotContain("?"));
    assertThat(input(events, 1))
        .isEqualTo("{\"command\":\"echo 'a somewhat longer command'\",\"timeout_ms\":1000}");
    assertThat(events.stream().filter(e -> e.at("/index").asInt() == 1)).hasSizeGreaterThan(4);
    assertThat(events.getFirst().at("/message/usage/input_tokens").asInt()).isPositive();
    JsonNode end = events.get(events.size() - 2);
    assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("tool_use");
    assertThat(end.at("/usage/output_tokens").asInt()).isPositive();
    awaitOutcomes(Outcome.ANSWERED);
  }

  @Test
  void answersWholeWithTheSameContent() throws Exception {
    // When
    var response = client.post(request("m", "work"));
    // Then
    JsonNode message = ModelClient.JSON.readTree(response.body());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(message.path("type").asText()).isEqualTo("message");
    assertThat(message.path("role").asText()).isEqualTo("assistant");
    assertThat(message.at("/content/0/text").asText()).endsWith(", I look.");
    assertThat(message.at("/content/1/type").asText()).isEqualTo("tool_use");
    assertThat(message.at("/content/1/id").asText()).matches("toolu_[a-zA-Z0-9]+");
    assertThat(message.at("/content/2/input").toString()).isEqualTo("{\"pattern\":\"*\"}");
    assertThat(message.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(message.at("/usage/output_tokens").asInt()).isPositive();
  }

  @Test
  void goesOnFromToolResultsUnderTheCallersIds() throws Exception {
    // When
    String answer = workThrough("result");
    // Then
    assertThat(ModelClient.JSON.readTree(answer).at("/content/0/text").asText())
        .isEqualTo("Saw result-1 and result-2.");
    assertThat(server.calls()).extracting(Call::turn).containsExactly("work", "done");
  }

  @Test
  void cutsTheConnectionWhereTheScriptSays() throws Exception {
    // When
    String first = client.raw(request("m", "cut"));
    String second = client.raw(request("m", "cut"));
    String third = client.raw(request("m", "cut"));
    var fourth = events(client.stream(request("m", "cut")).body());
    // Then
    assertThat(eventNames(first))
        .containsExactly(
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_delta");
    assertThat(second).isEmpty();
    assertThat(eventNames(third)).endsWith("content_block_stop", "message_delta");
    assertThat(List.of(first, third)).noneMatch(answer -> answer.endsWith("0\r\n\r\n"));
    assertThat(types(fourth)).endsWith("message_stop");
    awaitOutcomes(Outcome.CUT, Outcome.CUT, Outcome.CUT, Outcome.ANSWERED);
  }

  @Test
  void aCallerSeesThatItWasCut() throws Exception {
    // Given
    var response = client.stream(request("m", "cut"));
    // When, Then
    assertThatThrownBy(() -> response.body().forEach(_ -> {}))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void cutsAWholeAnswerInItsMiddle() {
    assertThatThrownBy(() -> client.post(request("m", "cut"))).isInstanceOf(IOException.class);
    awaitOutcomes(Outcome.CUT);
  }

  @Test
  void refusesAsOftenAsTheScriptSays() throws Exception {
    // When
    var first = client.post(request("m", "busy"));
    var second = client.stream(request("m", "busy"));
    var third = client.post(request("m", "busy"));
    var fourth = events(client.stream(request("m", "busy")).body());
    var fifth = client.post(request("m", "busy"));
    var otherConversation = client.post(request("m", "busy too"));
    // Then
    assertThat(List.of(first.statusCode(), second.statusCode(), third.statusCode()))
        .containsExactly(529, 529, 429);
    assertThat(first.headers().firstValue("retry-after")).contains("2");
    assertThat(third.headers().firstValue("retry-after")).isEmpty();
    JsonNode error = ModelClient.JSON.readTree(first.body());
    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.at("/error/type").asText()).isEqualTo("overloaded_error");
    assertThat(error.path("request_id").asText())
        .isEqualTo(first.headers().firstValue("request-id").orElseThrow());
    assertThat(third.body()).contains("rate_limit_error");
    assertThat(types(fourth))
        .containsExactly("message_start", "content_block_start", "ping", "error");
    assertThat(fourth.getLast().at("/error/type").asText()).isEqualTo("overloaded_error");
    assertThat(fifth.statusCode()).isEqualTo(200);
    assertThat(otherConversation.statusCode()).isEqualTo(529);
    assertThat(server.faults()).isEmpty();
  }

  @Test
  void holdsTheAnswerUntilTheFileIsThere() throws Exception {
    // Given
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = threads.submit(() -> client.post(request("m", "held")));
      awaitOutcomes(Outcome.RUNNING);
      boolean early = answer.isDone();
      // When
      Files.createFile(directory.resolve("go-on"));
      // Then
      assertThat(answer.get().body()).contains("Free.");
      assertThat(early).isFalse();
    }
    awaitOutcomes(Outcome.ANSWERED);
  }

  @Test
  void stopsInTheMiddleOfAnAnswer() throws Exception {
    // Given
    var response = client.stream(request("m", "slow"));
    // When
    server.close();
    // Then
    assertThatThrownBy(() -> response.body().forEach(_ -> {}))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(server.calls()).extracting(Call::outcome).containsExactly(Outcome.ABANDONED);
  }

  @Test
  void givesTheStopReasonOfTheScript() throws Exception {
    // When
    var body = client.post(request("m", "stop")).body();
    // Then
    assertThat(ModelClient.JSON.readTree(body).path("stop_reason").asText())
        .isEqualTo("max_tokens");
  }

  @Test
  void listsFaultsAndAnswersThemLikeTheRealService() throws Exception {
    // Given
    var twoUsers = request("m", "work");
    add(twoUsers, "user", "work");
    // When
    var wrong = client.post(twoUsers);
    var noTurn = client.post(request("m", "sing"));
    var noModel = client.post(request("n", "work"));
    var unplayable = client.post(request("m", "odd"));
    var noTool = client.post(request("m", "strange"));
    var noVersion = client.send(client.messages(request("m", "work")).header("x-api-key", "k"));
    // Then
    assertThat(
            List.of(wrong, noTurn, noModel, unplayable, noTool, noVersion).stream()
                .map(response -> response.statusCode()))
        .containsExactly(400, 400, 404, 400, 400, 400);
    JsonNode error = ModelClient.JSON.readTree(wrong.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("message").asText())
        .startsWith("messages.1: expected the role assistant");
    assertThat(noTurn.body())
        .contains("no turn of the script 'm' fits", "had 0 turns", "says 'sing'", "cut, busy");
    assertThat(server.faults())
        .extracting(Fault::kind)
        .containsExactly(
            "roles_out_of_turn",
            "no_turn",
            "unknown_model",
            "unplayable",
            "tool_not_offered",
            "unreadable");
    assertThat(client.get("/faults").findValuesAsText("kind")).hasSize(6);
    assertThat(client.get("/calls")).isEmpty();
  }

  @Test
  void listsCalls() throws Exception {
    // Given
    client.post(request("m", "work"));
    awaitOutcomes(Outcome.ANSWERED);
    // When
    JsonNode call = client.get("/calls").path(0);
    // Then
    assertThat(call.path("number").asInt()).isEqualTo(1);
    assertThat(call.path("model").asText()).isEqualTo("m");
    assertThat(call.path("turn").asText()).isEqualTo("work");
    assertThat(call.path("attempt").asInt()).isEqualTo(1);
    assertThat(call.path("outcome").asText()).isEqualTo("answered");
    assertThat(call.path("at").asText()).matches("\\d{4}-.*Z");
  }

  @Test
  void keepsSessionsApartThatBeginAlike() throws Exception {
    // Given
    int sessions = 40;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      var answers =
          IntStream.range(0, sessions)
              .mapToObj(session -> threads.submit(() -> workThrough("s" + session)))
              .toList();
      // Then
      for (int session = 0; session < sessions; session++) {
        assertThat(answers.get(session).get())
            .contains("Saw s%d-1 and s%d-2.".formatted(session, session));
      }
    }
    assertThat(server.faults()).isEmpty();
    assertThat(server.calls()).hasSize(2 * sessions);
  }

  @Test
  void acceptsOnlyItsKeyOnceItHasOne() throws Exception {
    // Given
    try (var locked = start("right");
        var caller = new ModelClient(locked.url())) {
      var body = request("m", "stop");
      // When
      var statuses =
          List.of(
              caller.send(caller.messages(body).header("anthropic-version", "1")),
              caller.post(body),
              caller.send(
                  caller
                      .messages(body)
                      .header("anthropic-version", "1")
                      .header("x-api-key", "right")),
              caller.send(
                  caller
                      .messages(body)
                      .header("anthropic-version", "1")
                      .header("authorization", "Bearer right")));
      // Then
      assertThat(statuses.stream().map(response -> response.statusCode()))
          .containsExactly(401, 401, 200, 200);
      assertThat(statuses.getFirst().body()).contains("authentication_error");
    }
  }

  /** Plays both turns, with tool use ids and results of the caller's own; the second answer. */
  private String workThrough(String name) throws IOException, InterruptedException {
    var request = request("m", "work");
    var first = ModelClient.JSON.readTree(client.post(request).body());
    var turn = request.withArray("messages").addObject().put("role", "assistant");
    turn.set("content", first.get("content"));
    var results = request.withArray("messages").addObject().put("role", "user").putArray("content");
    for (int i = 1; i <= 2; i++) {
      ((ObjectNode) turn.get("content").get(i)).put("id", name + "_" + i);
      results
          .addObject()
          .put("type", "tool_result")
          .put("tool_use_id", name + "_" + i)
          .put("content", name + "-" + i);
    }
    return client.post(request).body();
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }

  private static List<String> eventNames(String raw) {
    return Pattern.compile("event: (\\w+)\n")
        .matcher(raw)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static String text(List<JsonNode> events) {
    return events.stream().map(e -> e.at("/delta/text").asText()).collect(Collectors.joining());
  }

  private static String input(List<JsonNode> events, int index) {
    return events.stream()
        .filter(event -> event.path("index").asInt(-1) == index)
        .map(event -> event.at("/delta/partial_json").asText())
        .collect(Collectors.joining());
  }
}
