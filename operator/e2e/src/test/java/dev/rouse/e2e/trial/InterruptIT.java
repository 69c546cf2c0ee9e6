package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.ModelBooks;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.session.InternalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A person who says stop is obeyed: what counts is the model's own book of its calls, and the lines
 * that the commands themselves left.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(12)
class InterruptIT {

  /** From the acknowledgement on; design §5. */
  private static final Duration AT_MOST = Duration.ofSeconds(1);

  private static final String MODEL = "scripted-trial";
  private static final String SYSTEM = "You go on until somebody stops you.";
  private static final String STARTS = "starts.log";
  private static final String TICKS = "ticks.log";

  private final Cluster cluster;
  private final Caller editor;
  private ApiSession stream;
  private ApiSession chain;
  private ApiSession block;
  private ApiSession idle;

  InterruptIT(Cluster cluster) {
    this.cluster = cluster;
    Namespace namespace = cluster.trials("interrupts");
    this.editor = Caller.of(namespace, "editor");
  }

  @BeforeAll
  void startAllAtOnce() {
    stream = ApiSession.create(editor, "runner", "stream", "stream, please");
    chain = ApiSession.create(editor, "runner", "chain", "chain, please");
    block = ApiSession.create(editor, "runner", "block", "block, please");
    idle = ApiSession.create(editor, "runner", "idle", "calm from the beginning");
  }

  @AfterAll
  void close() {
    editor.close();
  }

  @Tag("failure-17")
  @Test
  void aModelThatStreamsIsStoppedAndWhatItWouldHaveCalledIsNotRun() {
    // Given
    await("the model streams")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !calls("stream, please").isEmpty());

    // When
    Ack stop = stream.send(ApiSession.interrupt());

    // Then
    stream.work().awaitRest();
    stream.send(ApiSession.message("calm down"));
    // The model hears both at once: it has said nothing in between that counts.
    stream.work().awaitAnswer("Calm again: stream, please");
    stream.work().awaitNoPods();
    assertThat(calls("stream, please"))
        .as("calls of the model for what was interrupted at %s", stop.at())
        .allMatch(call -> call.at().isBefore(latest(stop)))
        .extracting(ModelBooks.Call::turn)
        .containsExactly("stream");
    assertThat(stream.work().lines(STARTS)).as("starts of its tool").isEmpty();
  }

  @Tag("failure-17")
  @Test
  void noToolStartsAndNoModelIsCalledOnceAChainIsInterruptedAndWhatIsQueuedRuns() {
    // Given
    await("the chain runs")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> chain.work().lines(STARTS).size() >= 3);
    chain.send(ApiSession.message("calm, as was queued"));

    // When
    Ack stop = chain.send(ApiSession.interrupt());

    // Then
    chain.work().awaitAnswer("Calm again: calm, as was queued");
    chain.work().awaitNoPods();
    assertThat(times(chain, STARTS))
        .as("starts of tools, interrupted at %s", stop.at())
        .allMatch(start -> start.isBefore(latest(stop)));
    assertThat(calls("chain, please"))
        .filteredOn(call -> call.turn().startsWith("chain"))
        .as("calls of the model for what was interrupted at %s", stop.at())
        .allMatch(call -> call.at().isBefore(latest(stop)));
    assertThat(calls("chain, please")).extracting(ModelBooks.Call::turn).endsWith("calm");
    assertThat(calls("chain, please")).extracting(ModelBooks.Call::turn).containsOnlyOnce("calm");
  }

  @Tag("failure-17")
  @Test
  void aCommandWithoutAnEndIsEnded() {
    // Given
    await("the command runs")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !block.work().lines(TICKS).isEmpty());

    // When
    Ack stop = block.send(ApiSession.interrupt());

    // Then
    block.work().awaitRest();
    block.work().awaitNoPods();
    Instant last = times(block, TICKS).getLast();
    System.out.printf(
        "interrupt of a command: ended %d ms after the acknowledgement%n",
        Duration.between(stop.at(), last).toMillis());
    assertThat(times(block, STARTS)).as("starts of tools").hasSize(1);
    assertThat(last).as("the command's last sign").isBefore(latest(stop).plusSeconds(4));
    assertThat(calls("block, please")).extracting(ModelBooks.Call::turn).containsExactly("block");
    assertThat(types(block))
        .containsSubsequence("user.interrupt", "agent.tool_result", "session.status_idle");
  }

  @Test
  void anInterruptOfAnIdleSessionIsNotedAndWakesNobody() {
    // Given
    idle.work().awaitAnswer("Calm again: calm from the beginning");
    idle.work().awaitNoPods();
    List<String> before = types(idle);

    // When
    Ack stop = idle.send(ApiSession.interrupt());

    // Then
    assertThat(types(idle).subList(before.size(), types(idle).size()))
        .containsExactly("user.interrupt");
    assertThat(idle.history())
        .last()
        .returns(stop.id(), event -> event.path("id").asText())
        .matches(event -> event.hasNonNull("processed_at"), "is processed");
    assertThat(idle.body().path("status").asText()).isEqualTo("idle");
    idle.send(ApiSession.message("calm after all"));
    idle.work().awaitAnswer("Calm again: calm after all");
    // A brain that the interrupt had started would have woken the session, too.
    assertThat(idle.work().log())
        .filteredOn(record -> record.event() instanceof InternalEvent.Woken)
        .hasSize(2);
  }

  private List<ModelBooks.Call> calls(String firstMessage) {
    return cluster.modelBooks().calls(MODEL, SYSTEM, firstMessage);
  }

  private static Instant latest(Ack stop) {
    return stop.at().plus(AT_MOST);
  }

  private static List<Instant> times(ApiSession session, String file) {
    return session.work().lines(file).stream()
        .map(line -> Instant.ofEpochMilli(Long.parseLong(line)))
        .toList();
  }

  private static List<String> types(ApiSession session) {
    return session.history().stream().map((JsonNode event) -> event.path("type").asText()).toList();
  }
}
