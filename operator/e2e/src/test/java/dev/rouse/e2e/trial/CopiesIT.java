package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.proxy.Hold.When;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are exported, imported, forked and moved with {@code kubectl rouse}. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(15)
class CopiesIT {

  private static final String HEARD = "I heard you.";

  private final Cluster cluster;
  private final Namespace namespace;
  private final Namespace elsewhere;
  private final Caller owner;
  private final RouseCommand rouse;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @TempDir private Path files;

  CopiesIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("copies");
    this.elsewhere = cluster.trials("copies-elsewhere");
    this.owner = Caller.of(namespace, "approver");
    this.rouse = RouseCommand.of(cluster);
    // The owner of the one namespace may bring sessions into the other.
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: neighbour, namespace: copies-elsewhere}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
        subjects: [{kind: ServiceAccount, name: approver, namespace: copies}]
        """);
  }

  @AfterAll
  void close() {
    threads.shutdownNow();
    owner.close();
  }

  private Map<String, String> environment() {
    return RouseCommand.as(namespace, "approver");
  }

  private RouseCommand.Result rouse(String... arguments) {
    return rouse.run(environment(), arguments);
  }

  private List<String> exported(String session) throws IOException {
    Path file = files.resolve(session + ".jsonl");
    rouse("export", session, "-n", "copies", "-o", file.toString());
    return Files.readAllLines(file);
  }

  private WorkSession listening(String name) {
    WorkSession session = namespace.work(name, "listener", name);
    session.awaitRest();
    return session;
  }

  private static List<String> withoutEnds(List<String> lines) {
    return lines.subList(1, lines.size() - 1);
  }

  @Test
  void whatIsImportedIsEqualButForItsOriginAndAnswers() throws IOException {
    // Given
    listening("taken-along");
    List<String> file = exported("taken-along");

    // When
    rouse(
        "import",
        files.resolve("taken-along.jsonl").toString(),
        "--name",
        "taken-along-2",
        "-n",
        "copies");

    // Then
    List<String> again = exported("taken-along-2");
    List<String> records = withoutEnds(again);
    assertThat(records.subList(0, records.size() - 1)).containsExactlyElementsOf(withoutEnds(file));
    assertThat(records.getLast()).contains("\"rouse.origin\"");
    WorkSession imported = namespace.existing("taken-along-2");
    imported.say("m1", "and now?");
    Evidence.awaitHeard(imported, "and now?");
    assertThat(Evidence.heard(imported.log())).containsExactly("taken-along", "and now?");
  }

  @Test
  void aForkInTheMiddleOfATurnRunsNothingAgainAndAnswers() {
    // Given
    WorkSession source = namespace.work("forked", "runner", "two");
    source.awaitAnswer("The commands said:");
    source.awaitRest();
    long asked =
        source.log().stream()
            .filter(record -> record.event() instanceof SpanEvent.ModelRequestEnd)
            .findFirst()
            .orElseThrow()
            .seq();

    // When
    rouse("fork", "forked", "--at", Long.toString(asked), "--name", "other-way", "-n", "copies");

    // Then
    WorkSession fork = namespace.existing("other-way");
    fork.awaitRest();
    fork.say("m1", "calm down");
    fork.awaitAnswer("Calm again: calm down");
    fork.awaitNoPods();
    assertThat(fork.lines("asked.log")).as("executions in the fork").isEmpty();
    assertThat(source.lines("asked.log")).as("executions").containsExactlyInAnyOrder("one", "two");
    List<LogRecord> records = fork.log();
    assertThat(records.subList(0, (int) asked + 1))
        .containsExactlyElementsOf(source.log().subList(0, (int) asked + 1));
    assertThat(records)
        .filteredOn(record -> record.event() instanceof AgentEvent.ToolResult)
        .as("results of what was open")
        .hasSize(2);
  }

  @Test
  void aSessionForksWhatItsSpecNames() {
    // Given
    listening("template");

    // When
    namespace.apply(
        """
        apiVersion: rouse.dev/v1alpha1
        kind: Session
        metadata: {name: from-template}
        spec:
          agentRef: {name: listener}
          environmentRef: {name: default}
          forkFrom: {session: template}
          messages: [{id: m1, text: "Try it the other way."}]
        """);

    // Then
    WorkSession fork = namespace.existing("from-template");
    fork.awaitAnswer(HEARD);
    fork.awaitRest();
    assertThat(Evidence.heard(fork.log())).containsExactly("template", "Try it the other way.");
  }

  /** A session whose move stands at one side of one of its requests. */
  private record Move(
      String step, When when, ApiSession source, Hold hold, CompletableFuture<?> first) {

    String object() {
      return source.work().name();
    }

    @Override
    public String toString() {
      return when.name().toLowerCase(Locale.ROOT) + " " + step;
    }
  }

  @TestFactory
  Stream<DynamicTest> aMoveThatDiesIsFinishedByTheSameCommandAndIsInOnePlace() throws Exception {
    List<CompletableFuture<Move>> begun =
        Stream.of("begin", "records", "move", "end")
            .flatMap(step ->
                Stream.of(When.BEFORE, When.AFTER)
                    .map(when -> CompletableFuture.supplyAsync(() -> begin(step, when), threads)))
            .toList();
    List<Move> moves = begun.stream().map(CompletableFuture::join).toList();
    for (Move move : moves) {
      move.hold().awaitHit(WorkSession.PATIENCE);
    }
    // One death for all of them: each stands at another point.
    cluster.kill("server");
    moves.forEach(move -> move.hold().drop());
    cluster.awaitServer();
    return moves.stream()
        .map(move -> DynamicTest.dynamicTest(move.toString(), () -> finishes(move)));
  }

  private Move begin(String step, When when) {
    String title = "moved " + when.name().toLowerCase(Locale.ROOT) + " " + step;
    ApiSession source = ApiSession.create(owner, "listener", title, title);
    source.work().awaitRest();
    source.work().awaitNoPods();
    String object = source.work().name();
    Hold hold =
        cluster
            .serverDoor()
            .hold(step, when, request -> isStep(step, request, object, source.id()));
    CompletableFuture<?> first =
        CompletableFuture.supplyAsync(() -> rouse.tryRun(environment(), move(object)), threads);
    return new Move(step, when, source, hold, first);
  }

  private static String[] move(String object) {
    return new String[] {"move", object, "--to-namespace", "copies-elsewhere", "-n", "copies"};
  }

  private void finishes(Move move) {
    // Given
    move.first().join();
    String object = move.object();

    // When
    rouse(move(object));

    // Then
    Answer refused = owner.call(move.source().sending(ApiSession.message("are you there?")));
    assertThat(refused.status()).as("%s", refused).isEqualTo(400);
    assertThat(refused.message()).contains("copies-elsewhere/" + object);
    assertThat(events(move.source().work(), InternalEvent.Moved.class)).hasSize(1);
    assertThat(targets(object)).hasSize(1);
    WorkSession target = elsewhere.existing(object);
    target.say("m1", "and now?");
    Evidence.awaitHeard(target, "and now?");
    assertThat(Evidence.heard(target.log())).containsExactly("moved " + move, "and now?");
    assertThat(events(target, InternalEvent.Origin.class)).hasSize(1);
    assertThat(events(target, SessionEvent.StatusIdle.class)).hasSize(2);
  }

  private static boolean isStep(String step, Hold.Request request, String name, String id) {
    boolean post = request.method().equals("POST");
    return switch (step) {
      case "begin" ->
          post
              && request.path().equals("/rouse/v1/sessions")
              && request.body().contains("\"" + name + "\"");
      case "records" ->
          post && request.path().endsWith("/log") && request.body().contains("\"" + name + "\"");
      case "move" -> post && request.path().equals("/rouse/v1/sessions/" + id + "/move");
      case "end" ->
          post
              && request.path().endsWith("/log/end")
              && request.body().contains("\"" + name + "\"");
      default -> throw new IllegalArgumentException(step);
    };
  }

  private static <E> List<E> events(WorkSession session, Class<E> type) {
    return session.log().stream()
        .map(LogRecord::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private List<Session> targets(String name) {
    return cluster
        .client()
        .resources(Session.class)
        .inNamespace("copies-elsewhere")
        .list()
        .getItems()
        .stream()
        .filter(it -> it.getMetadata().getName().startsWith(name))
        .toList();
  }
}
