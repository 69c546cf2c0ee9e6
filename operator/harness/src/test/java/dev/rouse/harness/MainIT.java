package dev.rouse.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.harness.fake.AnthropicWire;
import dev.rouse.harness.fake.Bench;
import dev.rouse.harness.fake.FakeHands;
import dev.rouse.harness.fake.FakeSession;
import dev.rouse.harness.fake.HttpFakes;
import dev.rouse.harness.fake.ModelHttp;
import dev.rouse.harness.fake.OpenAiWire;
import dev.rouse.harness.fake.TestCertificate;
import dev.rouse.harness.fake.Wire;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.StopReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program as the operator starts it: a real process, HTTPS to the server, files mounted. */
@Timeout(120)
class MainIT {

  private static final String KEY = "sk-secret-77";
  private static final Wire WIRE = new AnthropicWire();

  @TempDir Path directory;
  private final FakeSession session = new FakeSession(Bench.ALL_TOOLS);
  private final CountDownLatch toolMayEnd = new CountDownLatch(1);
  private final CountDownLatch toolRuns = new CountDownLatch(1);
  private final FakeHands hands =
      new FakeHands((name, input) -> {
        toolRuns.countDown();
        try {
          toolMayEnd.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return "ran " + name + " " + input;
      });
  private ModelHttp model;
  private HttpFakes fakes;
  private Path ca;
  private Path log;

  @BeforeEach
  void start() throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    ca = certificate.pem();
    log = directory.resolve("brain.log");
    model = new ModelHttp();
    fakes = new HttpFakes(session, hands, certificate.context());
    fakes.start();
  }

  @AfterEach
  void stop() {
    toolMayEnd.countDown();
    fakes.close();
    model.close();
  }

  private Map<String, String> environment(String pod) throws IOException {
    return environment(pod, WIRE);
  }

  private Map<String, String> environment(String pod, Wire wire) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("ROUSE_SERVER_URL", fakes.url());
    environment.put("ROUSE_SESSION_UID", FakeSession.UID);
    environment.put(
        "ROUSE_TOKEN_FILE", Files.writeString(directory.resolve("token-" + pod), pod).toString());
    environment.put("ROUSE_CA_PEM", Files.readString(ca));
    environment.put("ROUSE_PROVIDER_TYPE", wire.type());
    environment.put("ROUSE_PROVIDER_URL", model.url());
    environment.put(
        "ROUSE_PROVIDER_KEY_FILE", Files.writeString(directory.resolve("key"), KEY).toString());
    environment.put("ROUSE_LINGER", "PT0.1S");
    return environment;
  }

  private Process brain(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dlogback.configurationFile=logback.xml",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private int exit(Process process) throws InterruptedException, IOException {
    try {
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      assertThat(ended).as("the brain ends; it said:\n" + Files.readString(log)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  static Stream<Wire> wires() {
    return Stream.of(WIRE, new OpenAiWire());
  }

  private static ModelHttp.Reply[] callsThenSays(Wire wire) {
    return new ModelHttp.Reply[] {
      ModelHttp.stream(wire.calls("bash", "{\"command\":", "\"ls\"}")),
      ModelHttp.stream(wire.says("done"))
    };
  }

  @ParameterizedTest
  @MethodSource("wires")
  void aTurnWithAToolIsDoneAndTheProcessEnds(Wire wire) throws Exception {
    // Given
    model.replies(callsThenSays(wire));
    toolMayEnd.countDown();
    session.message("list files");

    // When
    int exit = exit(brain(environment("pod-1", wire)));

    // Then
    assertThat(exit).as(Files.readString(log)).isZero();
    assertThat(session.state().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(session.events(AgentEvent.ToolResult.class))
        .extracting(result -> ContentBlock.textOf(result.content()))
        .containsExactly("ran bash {\"command\":\"ls\"}");
    assertThat(session.events(AgentEvent.Message.class))
        .extracting(message -> ContentBlock.textOf(message.content()))
        .containsExactly("done");
    assertThat(Files.readString(log)).contains("session=" + FakeSession.UID).doesNotContain(KEY);
  }

  @Test
  void aBrainThatIsKilledDuringAToolIsContinuedByTheNext() throws Exception {
    // Given
    model.replies(callsThenSays(WIRE));
    session.message("list files");
    Process first = brain(environment("pod-1"));
    assertThat(toolRuns.await(60, TimeUnit.SECONDS)).as("the tool runs").isTrue();
    first.destroyForcibly().waitFor();

    // When
    Process second = brain(environment("pod-2"));
    await("the second brain woke")
        .atMost(Duration.ofSeconds(60))
        .until(() -> session.state().epoch() == 2);
    toolMayEnd.countDown();

    // Then
    assertThat(exit(second)).as(Files.readString(log)).isZero();
    assertThat(hands.effects.values()).singleElement().satisfies(n -> assertThat(n).hasValue(1));
    assertThat(session.events(AgentEvent.ToolResult.class))
        .extracting(result -> ContentBlock.textOf(result.content()))
        .containsExactly("ran bash {\"command\":\"ls\"}");
    assertThat(session.state().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void aBrainThatAnotherReplacedExitsAsFenced() throws Exception {
    // Given
    model.replies(model.hang());
    session.message("hello");
    Process old = brain(environment("pod-1"));
    await("the request is under way")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !model.bodies.isEmpty());
    session.wake("pod-2", "test");

    // When: an interrupt makes the old brain want to write.
    session.interrupt();

    // Then
    assertThat(exit(old)).as(Files.readString(log)).isEqualTo(ExitCode.FENCED.code());
  }

  @Test
  void aMissingSettingIsSaidInOneSentence() throws Exception {
    // Given
    Map<String, String> environment = environment("pod-1");
    environment.remove("ROUSE_SERVER_URL");

    // When
    int exit = exit(brain(environment));

    // Then
    assertThat(exit).isEqualTo(ExitCode.CONFIG.code());
    assertThat(Files.readString(log))
        .contains("The brain cannot start: ROUSE_SERVER_URL is not set.");
  }
}
