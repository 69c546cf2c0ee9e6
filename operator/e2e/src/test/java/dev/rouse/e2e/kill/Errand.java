package dev.rouse.e2e.kill;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.evidence.Evidence.Persona;
import dev.rouse.e2e.evidence.EvidenceAssert;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.Request;
import dev.rouse.e2e.wire.StreamFollower;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** What a client wants of the server, so that it does one of its duties; and whether it got it. */
sealed interface Errand extends AutoCloseable
    permits Errand.Creation, Errand.Sending, Errand.Delivery, Errand.Deletion, Copying {

  /** What the listener of the script says to everything. */
  String HEARD = "I heard you.";

  /** Whose requests tell that the duty is being done. */
  Subject subject();

  /**
   * Asks until the server has answered.
   *
   * @param reached whether the server stands at its duty, for those who ask until it does
   */
  CompletableFuture<?> ask(Executor threads, BooleanSupplier reached);

  /** After {@link #ask}. */
  void judge();

  @Override
  default void close() {}

  /** Brings a session to where its server's duty is next. */
  static Errand of(DutyCase duty, Namespace namespace, Caller caller) {
    String text = duty.session();
    return switch (duty.duty()) {
      case MAKING_THE_OBJECT, HOLDING_THE_OBJECT, BEGINNING_THE_LOG, UNMARKING ->
          new Creation(caller, text, Subject.madeAs(text), new CompletableFuture<>());
      case MAKING_A_FORK, FILLING_A_FORK, ENDING_A_FORK -> Copying.fork(namespace, text);
      case MAKING_AN_IMPORT, FILLING_AN_IMPORT, ENDING_AN_IMPORT, UNMARKING_AN_IMPORT ->
          Copying.importing(namespace, text);
      case APPENDING, SHOWING -> Sending.of(caller, text, List.of("again " + text));
      case DELIVERING -> Delivery.of(namespace, text);
      case SEALING, NAMING, MERGING, SWAPPING, CLEARING ->
          Sending.of(caller, text, Sending.largeTexts(text));
      case REMOVING_THE_OBJECT, LETTING_GO -> Deletion.of(caller, text);
    };
  }

  private static EvidenceAssert assertThatListener(WorkSession session, String first) {
    session.awaitNoPods();
    return assertThatEvidence(Evidence.of(session, Persona.LISTENER, first))
        .hasAnUnbrokenLog()
        .eachWakeHasAPodOfItsOwn()
        .restsInAgreement();
  }

  /** A session is made. */
  record Creation(Caller caller, String title, Subject subject, CompletableFuture<Answer> answer)
      implements Errand {

    @Override
    public CompletableFuture<?> ask(Executor threads, BooleanSupplier reached) {
      Request request =
          ApiSession.creation(caller.namespace(), "listener", title, title).once(title);
      return answer.completeAsync(() -> caller.call(request), threads);
    }

    @Override
    public void judge() {
      WorkSession session = ApiSession.created(caller, answer.join()).work();
      session.awaitAnswer(HEARD);
      assertThatListener(session, title).heardFromClients(title).modelPlayed(List.of("listen"));
      assertThat(made()).as("sessions that were made").containsExactly(session.uid());
    }

    private List<String> made() {
      return caller
          .namespace()
          .cluster()
          .client()
          .resources(Session.class)
          .inNamespace(caller.namespace().name())
          .list()
          .getItems()
          .stream()
          .filter(object -> title.equals(object.getSpec().title()))
          .map(object -> object.getMetadata().getUid())
          .toList();
    }
  }

  /** Messages are sent, one after the other, and two more when the server stands at its duty. */
  record Sending(
      ApiSession session,
      StreamFollower follower,
      Subject subject,
      List<String> messages,
      List<String> sent)
      implements Errand {

    private static final int LARGE_MESSAGES = 80;
    private static final int LARGE_BYTES = 15_000;
    private static final int MORE = 2;

    static Sending of(Caller caller, String first, List<String> messages) {
      ApiSession session = ApiSession.create(caller, "listener", first, first);
      StreamFollower follower = session.follow(caller);
      session.work().awaitRest();
      return new Sending(
          session,
          follower,
          Subject.of(session.work()),
          messages,
          new CopyOnWriteArrayList<>(List.of(first)));
    }

    /** Enough of them fill the tail again and again, so that segments are written and merged. */
    static List<String> largeTexts(String name) {
      Random random = new Random(name.hashCode());
      List<String> texts = new ArrayList<>();
      for (int number = 0; number < LARGE_MESSAGES; number++) {
        byte[] bytes = new byte[LARGE_BYTES];
        random.nextBytes(bytes);
        texts.add(name + " " + number + " " + Base64.getEncoder().encodeToString(bytes));
      }
      return texts;
    }

    @Override
    public CompletableFuture<?> ask(Executor threads, BooleanSupplier reached) {
      return CompletableFuture.runAsync(
          () -> {
            int more = 0;
            for (Iterator<String> texts = messages.iterator(); texts.hasNext() && more < MORE; ) {
              String text = texts.next();
              session.send(ApiSession.message(text));
              sent.add(text);
              more += reached.getAsBoolean() ? 1 : 0;
            }
          },
          threads);
    }

    @Override
    public void judge() {
      session.work().awaitRest();
      assertThatListener(session.work(), sent.getFirst())
          .heardFromClients(sent.toArray(String[]::new));
      Promises.assertKept(session, follower);
    }

    @Override
    public void close() {
      follower.close();
    }
  }

  /** A message is written into the object. */
  record Delivery(WorkSession session, Subject subject, String first) implements Errand {

    private static final String MORE = "and this";

    static Delivery of(Namespace namespace, String name) {
      WorkSession session = namespace.work(name, "listener", name);
      session.awaitRest();
      return new Delivery(session, Subject.of(session), name);
    }

    @Override
    public CompletableFuture<?> ask(Executor threads, BooleanSupplier reached) {
      return CompletableFuture.runAsync(() -> session.say("more", MORE), threads);
    }

    @Override
    public void judge() {
      Evidence.awaitHeard(session, MORE);
      assertThatListener(session, first)
          .heard(first, MORE)
          .modelPlayed(List.of("listen", "listen"));
    }
  }

  /** A session is deleted. */
  record Deletion(Caller caller, ApiSession session, Subject subject) implements Errand {

    private static final List<Integer> GONE = List.of(200, 404);

    static Deletion of(Caller caller, String title) {
      ApiSession session = ApiSession.create(caller, "listener", title, title);
      session.work().awaitRest();
      session.work().awaitNoPods();
      return new Deletion(caller, session, Subject.of(session.work()));
    }

    @Override
    public CompletableFuture<?> ask(Executor threads, BooleanSupplier reached) {
      Request request = new Request("DELETE", "/v1/sessions/" + session.id(), null, null);
      return CompletableFuture.supplyAsync(() -> caller.call(request), threads)
          .thenAccept(answer -> assertThat(answer.status()).as("%s", answer).isIn(GONE));
    }

    @Override
    public void judge() {
      await("nothing is left of " + session.work().name())
          .atMost(WorkSession.PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> {
            assertThat(session.work().exists()).as("the object is there").isFalse();
            assertThat(session.work().traces()).as("objects or rows of the log").isZero();
          });
    }
  }
}
