package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The server is killed when it has committed what a client asked for and the client does not know:
 * all three answers stand at the door when it dies. The clients ask again, as SDKs do.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(10)
class LostAnswersIT {

  private static final String TITLE = "lost create";
  private static final String SENT = "sent, and the answer was lost";

  private final Cluster cluster;
  private final Namespace namespace;
  private final Caller editor;
  private final Caller approver;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ApiSession told;
  private ApiSession asking;
  private String question = "";
  private Answer creation;
  private Ack sending;
  private Ack approval;

  LostAnswersIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("lost-answers");
    this.editor = Caller.of(namespace, "editor");
    this.approver = Caller.of(namespace, "approver");
  }

  @BeforeAll
  void loseThreeAnswers() throws InterruptedException {
    told = ApiSession.create(editor, "listener", "lost send");
    asking = ApiSession.create(editor, "asker", "lost approval", "prepare: will be allowed");
    asking.work().awaitAsking();
    question =
        asking.history().stream()
            .filter(event -> event.path("name").asText().equals("bash"))
            .map(event -> event.path("id").asText())
            .findFirst()
            .orElseThrow();
    Request create =
        ApiSession.creation(namespace, "listener", TITLE, "say hello").once("lost-create");
    Request send = told.sending(ApiSession.message(SENT));
    Request approve = asking.sending(ApiSession.allow(question));
    List<Hold> holds = List.of(hold(create), hold(send), hold(approve));

    CompletableFuture<Answer> created = ask(editor, create);
    CompletableFuture<Answer> sent = ask(editor, send);
    CompletableFuture<Answer> approved = ask(approver, approve);
    for (Hold hold : holds) {
      hold.awaitHit(WorkSession.PATIENCE);
    }
    cluster.kill("server");
    holds.forEach(Hold::drop);

    creation = created.join();
    sending = told.taken(sent.join()).getFirst();
    approval = asking.taken(approved.join()).getFirst();
    holds.forEach(
        hold -> assertThat(hold.answers()).as("the answer that was lost: %s", hold).contains(200));
  }

  private Hold hold(Request request) {
    return cluster
        .serverDoor()
        .hold(
            "answer of " + request,
            Hold.When.AFTER,
            seen ->
                seen.method().equals(request.method())
                    && seen.path().equals(request.path())
                    && seen.body().equals(String.valueOf(request.body())));
  }

  private CompletableFuture<Answer> ask(Caller caller, Request request) {
    return CompletableFuture.supplyAsync(() -> caller.call(request), threads);
  }

  @AfterAll
  void close() {
    threads.shutdownNow();
    editor.close();
    approver.close();
  }

  @Tag("failure-1")
  @Test
  void aMessageIsReceivedAndProcessedOnceUnderTheIdThatTheClientWasToldInTheEnd() {
    // When
    told.work().awaitAnswer("I heard you.");
    told.work().awaitRest();

    // Then
    List<Event> log = events(told.work());
    assertThat(log)
        .filteredOn(event -> event instanceof InternalEvent.Received)
        .singleElement()
        .isInstanceOfSatisfying(
            InternalEvent.Received.class,
            received -> assertThat(received.event().id()).isEqualTo(sending.id()));
    assertThat(log)
        .filteredOn(event -> event instanceof UserEvent.Message)
        .extracting(Event::id)
        .containsExactly(sending.id());
  }

  @Test
  void aCallIsAllowedOnceAndRunsOnce() {
    // When
    asking.work().awaitAnswer("The command said: written before the question");
    asking.work().awaitRest();

    // Then
    assertThat(events(asking.work()))
        .filteredOn(event -> event instanceof UserEvent.ToolConfirmation)
        .extracting(Event::id)
        .containsExactly(approval.id());
    assertThat(asking.work().lines("asked.log")).as("executions").containsExactly("ran");
  }

  @Test
  void aSessionThatIsAskedForTwiceIsMadeOnceAndWhole() {
    // Given
    ApiSession answered = ApiSession.created(editor, creation);

    // When
    answered.work().awaitAnswer("I heard you.");
    answered.work().awaitRest();

    // Then
    List<Session> made =
        cluster
            .client()
            .resources(Session.class)
            .inNamespace(namespace.name())
            .list()
            .getItems()
            .stream()
            .filter(object -> TITLE.equals(object.getSpec().title()))
            .toList();
    assertThat(made)
        .singleElement()
        .satisfies(session -> {
          assertThat(WireIds.session(session.getMetadata().getUid())).isEqualTo(answered.id());
          assertThat(session.getMetadata().getAnnotations())
              .containsKey(Rouse.REQUEST_ANNOTATION)
              .doesNotContainKey(Rouse.CREATING_ANNOTATION);
        });
    JsonNode listed = editor.call(Request.get("/v1/sessions?limit=100")).ok().path("data");
    assertThat(listed.findValuesAsText("id")).containsOnlyOnce(answered.id());
    assertThat(events(answered.work()))
        .filteredOn(event -> event instanceof UserEvent.Message)
        .map(event -> ContentBlock.textOf(((UserEvent.Message) event).content()))
        .containsExactly("say hello");
  }

  private static List<Event> events(WorkSession session) {
    return session.log().stream().map(LogRecord::event).toList();
  }
}
