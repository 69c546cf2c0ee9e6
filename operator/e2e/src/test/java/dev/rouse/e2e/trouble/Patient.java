package dev.rouse.e2e.trouble;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;

import dev.rouse.e2e.cluster.WorkGate;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.Request;
import dev.rouse.e2e.wire.StreamFollower;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session in the middle of a call when the trouble begins, who is told more while it lasts. Its
 * client keeps what it was promised and follows all the time.
 */
final class Patient implements AutoCloseable {

  private static final String MORE = "How many lines?";
  private static final String MORE_ANSWER = "works.log has 2 lines.";

  private final Caller caller;
  private final ApiSession api;
  private final StreamFollower follower;
  private final String message;
  private final Path gate;
  private final Request more;
  private @Nullable CompletableFuture<Ack> told;

  private Patient(Caller caller, ApiSession api, String message, Path gate) {
    this.caller = caller;
    this.api = api;
    this.message = message;
    this.gate = gate;
    this.more = api.sending(ApiSession.message(MORE));
    this.follower = api.follow(caller);
  }

  /** Makes a session and waits until its second call runs. */
  static Patient atWork(Caller caller, String name) {
    return atWork(caller, name, "hold: " + name);
  }

  /** The same, told something of its own; must hold the word "hold". */
  static Patient atWork(Caller caller, String name, String message) {
    ApiSession api = ApiSession.create(caller, "worker", name, message);
    new WorkGate(api.work()).awaitReached();
    Path gate = api.work().file("gate").orElseThrow();
    return new Patient(caller, api, message, gate);
  }

  ApiSession api() {
    return api;
  }

  WorkSession work() {
    return api.work();
  }

  Views views() {
    return new Views(api.work());
  }

  /** The history's address, for a look at what a reader is told. */
  Request history() {
    return Request.get("/v1/sessions/" + api.id() + "/events");
  }

  /** Lets the call end. */
  void openGate() throws IOException {
    WorkGate.open(gate);
  }

  /** One try to say more, and what was answered. */
  String tryToSayMore() throws InterruptedException {
    return look(more);
  }

  /** Says more until it is taken, as a client does that does not give up. */
  void sayMore() {
    told = CompletableFuture.supplyAsync(() -> api.taken(caller.call(more)).getFirst());
  }

  /** One try of a call, and what was answered. */
  String look(Request request) throws InterruptedException {
    try (Caller patient = caller.waiting(Duration.ofSeconds(25))) {
      return views().call(patient, request);
    }
  }

  /** Waits until all is answered, judges it, and gives the line for the table. */
  Row recovered(int order, String fault, List<String> saw, Instant ended) {
    CompletableFuture<Ack> sending = told;
    if (sending == null) {
      throw new IllegalStateException("nothing was said while it lasted");
    }
    Ack ack = sending.join();
    work().awaitAnswer(MORE_ANSWER);
    Duration rested = Duration.between(ended, Instant.now());
    List<String> all = new ArrayList<>(saw);
    all.addAll(views().warnings());
    return new Row(
        order,
        fault,
        all,
        ack.at().isBefore(ended) ? Duration.ZERO : Duration.between(ended, ack.at()),
        rested,
        judge());
  }

  private String judge() {
    work().awaitNoPods();
    Evidence evidence = Evidence.of(work(), message);
    boolean unknown =
        evidence.said().stream().anyMatch(text -> text.contains("as works.log shows"));
    String answer =
        unknown
            ? "Both pieces are done, as works.log shows: " + message
            : "Both pieces are done: " + message;
    List<String> turns = new ArrayList<>(List.of("first", "second"));
    turns.addAll(unknown ? List.of("second-look", "answer-after-look") : List.of("answer"));
    turns.addAll(List.of("more", "tell"));
    assertThatEvidence(evidence)
        .hasAnUnbrokenLog()
        .eachWakeHasAPodOfItsOwn()
        .heardFromClients(message, MORE)
        .everyToolUseHasOneResult()
        .executed("first", "second")
        .executionsAreThoseOfTheLog()
        .saysUnknown(unknown ? 1 : 0)
        .answeredOnce(answer)
        .answeredOnce(MORE_ANSWER)
        .modelPlayedInOrder(turns)
        .restsInAgreement();
    Promises.assertKept(api, follower);
    return "0 and 0 of %d acknowledged, 2 executions, %d model calls; %s"
        .formatted(
            api.acks().size() + 1,
            evidence.modelTurns().size(),
            evidence.epochs().size() == 1
                ? "one brain"
                : evidence.epochs().size() + " brains" + (unknown ? ", one outcome unknown" : ""));
  }

  @Override
  public void close() {
    follower.close();
  }
}
