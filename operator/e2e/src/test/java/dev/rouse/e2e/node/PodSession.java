package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.SessionStatus;
import dev.rouse.e2e.cluster.SessionView;
import dev.rouse.e2e.cluster.Store;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.evidence.Evidence.Persona;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.InternalEvent;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A session whose pods are containers of real nodes. */
final class PodSession extends SessionView {

  private final Team team;

  PodSession(Team team, String name, String uid) {
    super(team.client(), new Store.ConfigMaps(), team.name(), name, uid);
    this.team = team;
  }

  Team team() {
    return team;
  }

  /** The container of the brain that the object names, once it runs. */
  PodContainer brain() {
    return container("brain", this::runningBrain);
  }

  Optional<PodContainer> runningBrain() throws IOException, InterruptedException {
    SessionStatus.Harness harness =
        Optional.ofNullable(status()).map(SessionStatus::harness).orElse(null);
    return harness == null ? Optional.empty() : container(harness.pod(), harness.uid());
  }

  /** The container of the hands that the object names, once it runs. */
  PodContainer hands() {
    return container("hands", this::runningHands);
  }

  Optional<PodContainer> runningHands() throws IOException, InterruptedException {
    SessionStatus.Hands hands =
        Optional.ofNullable(status()).map(SessionStatus::hands).orElse(null);
    return hands == null ? Optional.empty() : container(hands.pod(), hands.uid());
  }

  private PodContainer container(String what, Callable<Optional<PodContainer>> look) {
    return await("%s/%s has a container of its %s".formatted(team.name(), name(), what))
        .atMost(PATIENCE)
        .until(look, Optional::isPresent)
        .orElseThrow();
  }

  private Optional<PodContainer> container(@Nullable String name, @Nullable String uid)
      throws IOException, InterruptedException {
    if (name == null) {
      return Optional.empty();
    }
    Pod pod = team.client().pods().inNamespace(team.name()).withName(name).get();
    return pod == null || !pod.getMetadata().getUid().equals(uid)
        ? Optional.empty()
        : PodContainer.of(team.bed(), pod);
  }

  /** Its volume, or the directory of its hands' pod where it keeps no files. */
  @Override
  public Optional<Path> volume() {
    Optional<Path> claimed = super.volume();
    if (claimed.isPresent()) {
      return claimed;
    }
    return pods().stream()
        .filter(pod -> pod.getMetadata().getName().contains("-hands-"))
        .filter(pod -> pod.getSpec().getNodeName() != null)
        .map(pod ->
            team.bed()
                .node(pod.getSpec().getNodeName())
                .emptyDir(pod.getMetadata().getUid(), "rouse"))
        .findFirst();
  }

  /** Waits until it woke so often. */
  void awaitWakes(int wakes) {
    await("%s/%s woke %d times".formatted(team.name(), name(), wakes))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> wakes() >= wakes);
  }

  long wakes() {
    return log().stream().filter(it -> it.event() instanceof InternalEvent.Woken).count();
  }

  /** Waits until a condition's message holds a text. */
  String awaitCondition(String text) {
    return await("a condition of %s/%s says \"%s\"".formatted(team.name(), name(), text))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> conditions().stream().filter(it -> it.contains(text)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Reason and message of each. */
  List<String> conditions() {
    SessionStatus status = status();
    return status == null
        ? List.of()
        : status.conditions().stream()
            .map(it ->
                "%s=%s %s: %s"
                    .formatted(it.getType(), it.getStatus(), it.getReason(), it.getMessage()))
            .toList();
  }

  /** What its tools answered. */
  List<String> results() {
    return evidenceOf(List.of(), List.of()).events(AgentEvent.ToolResult.class).stream()
        .flatMap(result -> Optional.ofNullable(result.content()).stream())
        .map(ContentBlock::textOf)
        .toList();
  }

  /** What the agent said last. */
  String lastWords() {
    return evidenceOf(List.of(), List.of()).said().getLast();
  }

  /** Waits until the agent's last words end so, whatever comes before. */
  void awaitLastWords(String end) {
    await(team.name() + "/" + name() + " says \"…" + end + "\"")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> lastWords().strip().endsWith(end));
  }

  /** Everything about a worker that was told {@code firstMessage}. */
  Evidence evidence(String firstMessage) throws IOException {
    awaitStatusAtHead();
    try (ApiClient api = team.api()) {
      return new Evidence(
          name(),
          log(),
          status(),
          api.history(uid()),
          lines(Evidence.WORKS),
          team.bed()
              .model()
              .books()
              .turns(Persona.WORKER.model(), Persona.WORKER.system(), firstMessage));
    }
  }

  private Evidence evidenceOf(List<String> works, List<String> turns) {
    return new Evidence(name(), log(), status(), List.of(), works, turns);
  }

  /** What clients were promised is in the log once, and in what the API tells. */
  void assertKept(List<Ack> acks) throws IOException {
    List<String> log = log().stream().map(record -> record.event().id()).toList();
    try (ApiClient api = team.api()) {
      List<String> history =
          api.history(uid()).stream().map(event -> event.path("id").asText()).toList();
      for (Ack ack : acks) {
        assertThat(log).as("log of %s", name()).containsOnlyOnce(ack.id());
        assertThat(history).as("history of %s", name()).containsOnlyOnce(ack.id());
      }
    }
  }
}
