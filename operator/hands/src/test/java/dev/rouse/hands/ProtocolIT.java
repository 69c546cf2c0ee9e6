package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.hands.Brain.Answer;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Epoch;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol over real HTTP against the real program; one start serves all tests. */
@TestInstance(Lifecycle.PER_CLASS)
class ProtocolIT {

  private final Keys keys = Keys.make();
  private Path workspace;
  private HandsProcess hands;
  private Brain brain;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    workspace = directory.resolve("workspace");
    hands = HandsProcess.start(directory, keys);
  }

  @AfterAll
  void stop() {
    hands.close();
  }

  @BeforeEach
  void wake() {
    brain = Brain.awake(hands.address(), keys, 1);
  }

  @Test
  void healthNeedsNoTicket() {
    assertThat(new Brain(hands.address(), "none", 1).health().toString()).isEqualTo("200 ok");
  }

  @Test
  void everyToolWorksFromEndToEnd() {
    // When
    brain.execute("all_1", "write", "{\"file_path\":\"all/a.txt\",\"content\":\"one\\ntwo\\n\"}");
    brain.execute(
        "all_2",
        "edit",
        "{\"file_path\":\"all/a.txt\",\"old_string\":\"two\",\"new_string\":\"three\"}");
    Answer read = brain.execute("all_3", "read", "{\"file_path\":\"all/a.txt\"}");
    Answer glob = brain.execute("all_4", "glob", "{\"pattern\":\"all/**/*.txt\"}");
    Answer grep = brain.execute("all_5", "grep", "{\"pattern\":\"thr.e\",\"path\":\"all\"}");
    Answer bash = brain.bash("all_6", "wc -l < all/a.txt");

    // Then
    assertThat(read.text()).isEqualTo("one\nthree\n");
    assertThat(glob.text()).isEqualTo("all/a.txt");
    assertThat(grep.text()).isEqualTo("all/a.txt:2:three");
    assertThat(bash.text()).isEqualTo("2\n");
  }

  @Test
  void onlyATicketOfThisSessionAndGenerationOpens() {
    // Given
    Keys others = Keys.make();
    String good = keys.ticket(1);
    String[] payloadAndSignature = good.split("\\.");
    String[] foreign = others.ticket(1).split("\\.");
    Map<String, String> bad =
        Map.of(
            "of another server",
            others.ticket(1),
            "with another payload",
            keys.ticket(2).split("\\.")[0] + "." + payloadAndSignature[1],
            "with another signature",
            payloadAndSignature[0] + "." + foreign[1],
            "of another session",
            keys.ticket("another", 1, 1),
            "of another generation",
            keys.ticket(Keys.SESSION, 2, 1),
            "without signature",
            payloadAndSignature[0],
            "of no form at all",
            "x",
            "of no base64",
            "%.%");

    bad.forEach((what, ticket) -> {
      // When
      Brain stranger = new Brain(hands.address(), ticket, 1);
      Answer answer =
          stranger.put(
              "/v1/executions/ticket_1", brain.call("bash", "{\"command\":\"touch broken-in\"}"));

      // Then
      assertThat(answer.status()).as(what).isEqualTo(403);
      assertThat(answer.refusal().code()).as(what).isEqualTo(Code.FORBIDDEN);
      assertThat(stranger.wake().status()).as(what).isEqualTo(403);
      assertThat(stranger.cancel("ticket_1").status()).as(what).isEqualTo(403);
    });
    assertThat(workspace.resolve("broken-in")).doesNotExist();
  }

  @Test
  void withoutATicketItIs401() {
    // When
    Answer answer =
        brain.send(
            HttpRequest.newBuilder(URI.create(hands.address() + "/v1/epoch"))
                .PUT(BodyPublishers.ofString("{\"epoch\":1}")));

    // Then
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.refusal().code()).isEqualTo(Code.FORBIDDEN);
  }

  @Test
  void aTicketEndsWithItsEpoch() {
    // When
    Answer answer = brain.put("/v1/epoch", new Epoch(2));

    // Then
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.refusal().message()).contains("the ticket is for epoch 1");
  }

  @Test
  void otherHandsAreRefused() {
    // Given
    Execution call = brain.call("bash", "{\"command\":\"true\"}");
    Execution other =
        new Execution(call.epoch(), "hands_other", call.name(), call.input(), call.timeoutMs());

    // When
    Answer answer = brain.put("/v1/executions/other_1", other);

    // Then
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.refusal().code()).isEqualTo(Code.WRONG_INSTANCE);
  }

  @Test
  void aCancelledIdIsRefusedLater() {
    // When
    Answer cancelled = brain.cancel("cancel_1");
    Answer call = brain.bash("cancel_1", "touch cancelled");

    // Then
    assertThat(cancelled.status()).isEqualTo(204);
    assertThat(call.status()).isEqualTo(409);
    assertThat(call.refusal().code()).isEqualTo(Code.CANCELLED);
    assertThat(workspace.resolve("cancelled")).doesNotExist();
  }

  @Test
  void cancellingEndsTheProcessTree() throws Exception {
    // Given
    String command = "sleep 873 & echo $! > pid; setsid sleep 873 & touch ready; wait";
    CompletableFuture<Answer> running = brain.bashLater("cancel_2", command);
    await("command runs").until(() -> Files.exists(workspace.resolve("ready")));
    long sleep = Long.parseLong(Files.readString(workspace.resolve("pid")).strip());

    // When
    Answer cancelled = brain.cancel("cancel_2");

    // Then
    assertThat(cancelled.status()).isEqualTo(204);
    assertThat(running.join().outcome().isError()).isTrue();
    assertThat(running.join().text()).startsWith("[cancelled");
    await("child ends").until(() -> ProcessHandle.of(sleep).isEmpty());
    assertThat(brain.bash("cancel_3", "pgrep -c -x -f 'sleep 873'").text()).startsWith("0");
  }

  @Test
  void aCallerThatHangsUpStopsNothing() throws Exception {
    // Given
    URI address = URI.create(hands.address());
    String command = "touch hung; while [ ! -e on ]; do sleep 0.02; done; echo went on";
    byte[] body =
        EventCodec.JSON.writeValueAsBytes(
            brain.call(
                "bash", EventCodec.JSON.createObjectNode().put("command", command).toString()));
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PUT /v1/executions/hang_1 HTTP/1.1\r\nhost: h\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n"
              .formatted(keys.ticket(1), body.length);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
      await("command runs").until(() -> Files.exists(workspace.resolve("hung")));
    }

    // When
    Files.createFile(workspace.resolve("on"));
    Answer joined = brain.bash("hang_1", command);

    // Then
    assertThat(joined.text()).isEqualTo("went on\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"epoch\":1,\"name\":\"bash\",\"input\":{},\"timeout_ms\":1}",
        "{\"epoch\":1,\"instance\":\"i\",\"input\":{},\"timeout_ms\":1}",
        "{\"epoch\":1,\"instance\":\"i\",\"name\":\"bash\",\"timeout_ms\":1}",
        "{\"epoch\":1,\"instance\":\"i\",\"name\":\"bash\",\"input\":\"x\",\"timeout_ms\":1}",
        "{\"epoch\":1,\"instance\":\"i\",\"name\":\"bash\",\"input\":{},\"timeout_ms\":0}"
      })
  void aBodyThatIsNoCallIsRefused(String body) {
    // When
    Answer answer =
        brain.send(brain.request("/v1/executions/body_1").PUT(BodyPublishers.ofString(body)));

    // Then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.refusal().code()).isEqualTo(Code.INVALID);
  }

  @Test
  void aBodyAboveTheLimitIsRefusedAndTheLimitFits() {
    // Given
    String large = "{\"file_path\":\"large\",\"content\":\"" + "x".repeat(7_000_000) + "\"}";
    String tooLarge = "{\"file_path\":\"large\",\"content\":\"" + "x".repeat(9_000_000) + "\"}";

    // When
    Answer fits = brain.execute("large_1", "write", large);
    Answer refused = brain.execute("large_2", "write", tooLarge);

    // Then
    assertThat(fits.text()).isEqualTo("Wrote 7000000 bytes to large");
    assertThat(refused.status()).isIn(400, Answer.NONE);
    assertThat(brain.health().status()).isEqualTo(200);
  }

  @Test
  void whatIsNoCallIsRefused() {
    for (String path : new String[] {"/", "/v1/epochs", "/v1/executions/", "/v1/executions/a/b"}) {
      // When
      Answer answer = brain.put(path, brain.call("bash", "{\"command\":\"true\"}"));

      // Then
      assertThat(answer.status()).as(path).isEqualTo(400);
    }
  }

  @Test
  void twentyMegabytesOfOutputFitASmallHeap() {
    // When
    Answer answer = brain.bash("long_1", "seq 1 2800000");

    // Then
    assertThat(answer.text()).startsWith("1\n").endsWith("2800000\n").hasSizeLessThan(50_000);
    assertThat(workspace.resolve(".rouse/outputs/long_1.txt"))
        .satisfies(file -> assertThat(Files.size(file)).isGreaterThan(20_000_000));
    assertThat(brain.bash("long_1", "seq 1 2800000").outcome()).isEqualTo(answer.outcome());
  }

  @Test
  void nothingThatAToolWasGivenOrReturnedIsLogged() {
    // When
    brain.bash("log_1", "echo very-secret-word");

    // Then
    assertThat(hands.output())
        .contains("tool ended session=" + Keys.SESSION + " toolUse=log_1 tool=bash")
        .doesNotContain("very-secret-word", keys.ticket(1));
  }
}
