package dev.rouse.e2e.trouble;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;

import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.Request;
import dev.rouse.e2e.wire.StreamFollower;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session that answers each message with a word, and rests when the trouble begins. */
final class Listener implements AutoCloseable {

  private final Caller caller;
  private final ApiSession api;
  private final StreamFollower follower;
  private final List<String> texts = new ArrayList<>();

  private Listener(Caller caller, ApiSession api, String first) {
    this.caller = caller;
    this.api = api;
    this.follower = api.follow(caller);
    texts.add(first);
  }

  /** Makes a session that is told {@code first}, and waits until it rests. */
  static Listener resting(Caller caller, String name, String first) {
    Listener listener =
        new Listener(caller, ApiSession.create(caller, "listener", name, first), first);
    listener.awaitRest();
    return listener;
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

  /** Waits until it has answered and no brain is left. */
  void awaitRest() {
    work().awaitRest();
    work().awaitNoPods();
  }

  /** What says {@code text} once, however often it is sent. */
  Request saying(String text) {
    texts.add(text);
    return api.sending(ApiSession.message(text));
  }

  /** One try of a call, and what was answered. */
  String look(Request request) throws InterruptedException {
    return views().call(caller, request);
  }

  String lookAtHistory() throws InterruptedException {
    return look(Request.get("/v1/sessions/" + api.id() + "/events"));
  }

  /**
   * Sends until it is taken. Some troubles are no use to try again by, and a client says so; this
   * one tries all the same.
   */
  CompletableFuture<Ack> send(Request request) {
    return CompletableFuture.supplyAsync(() -> api.taken(caller.insist(request)).getFirst());
  }

  /** Waits until all is answered, judges it, and gives the line for the table. */
  Row recovered(
      int order, String fault, List<String> saw, CompletableFuture<Ack> sending, Instant ended) {
    Ack ack = sending.join();
    work().awaitRest();
    Duration rested = Duration.between(ended, Instant.now());
    judge();
    return new Row(
        order,
        fault,
        saw,
        ack.at().isBefore(ended) ? Duration.ZERO : Duration.between(ended, ack.at()),
        rested,
        "0 and 0 of %d acknowledged".formatted(texts.size()));
  }

  /** Everything that was acknowledged was heard once, in its order. */
  void judge() {
    work().awaitNoPods();
    assertThatEvidence(Evidence.of(work(), texts.getFirst()))
        .hasAnUnbrokenLog()
        .eachWakeHasAPodOfItsOwn()
        .heardFromClients(texts.toArray(String[]::new))
        .restsInAgreement();
    Promises.assertKept(api, follower);
  }

  @Override
  public void close() {
    follower.close();
  }
}
