package dev.rouse.server;

import static dev.rouse.server.TwoServers.HELLO;
import static dev.rouse.server.TwoServers.SESSIONS;
import static dev.rouse.server.TwoServers.id;
import static dev.rouse.server.TwoServers.post;
import static dev.rouse.server.TwoServers.uidOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.server.PlannedFailures.Step;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session that is asked for more than once with one {@code Idempotency-Key} is made once. */
class RepeatedCreationTest {

  private static final String MORE = ",'title':'One','initial_events':[" + HELLO + "]";

  private TwoServers servers;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    servers = new TwoServers();
    cluster = servers.cluster;
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private void assertOneWholeSession(String id) {
    assertThat(cluster.sessions())
        .singleElement()
        .satisfies(session -> {
          assertThat(session.getMetadata().getUid()).isEqualTo(uidOf(id));
          assertThat(session.getMetadata().getName()).matches("session-key-[a-z0-9]{24}");
          assertThat(session.getMetadata().getAnnotations())
              .containsKey(Rouse.REQUEST_ANNOTATION)
              .doesNotContainKey(Rouse.CREATING_ANNOTATION);
        });
    assertThat(servers.types(id))
        .containsOnlyOnce("rouse.created", "rouse.received", "user.message");
  }

  @Test
  void theSameRequestIsAnsweredWithTheSessionAsItIsNow() {
    // Given
    String first = id(servers.create(servers.one, "k", ",'title':'One'"));
    post(servers.one, SESSIONS + "/" + first, "{'title':'Two'}");
    // When
    Answer again = servers.create(servers.two, "k", ",'title':'One'");
    // Then
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(id(again)).isEqualTo(first);
    assertThat(again.json().path("title").asText()).isEqualTo("Two");
    assertThat(cluster.sessions()).hasSize(1);
  }

  @Test
  void howTheRequestIsSpelledDoesNotMatter() {
    // Given
    String first = id(servers.create(servers.one, "k", ",'title':'One','metadata':{'a':'1'}"));
    String body = servers.body(" ").replace("{", "{ 'metadata' : {'a':'1'}, 'title':'One', ");
    // When
    Answer again = post(servers.one, SESSIONS, body, "Idempotency-Key", "k");
    // Then
    assertThat(id(again)).isEqualTo(first);
  }

  @Test
  void aKeyStandsForOneRequest() {
    // Given
    String first = id(servers.create(servers.one, "k", ",'title':'One'"));
    // When
    Answer other = servers.create(servers.one, "k", ",'title':'Two'");
    // Then
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.header("x-should-retry")).contains("false");
    assertThat(other.json().at("/error/message").asText())
        .contains("Idempotency-Key", "another request");
    assertThat(cluster.get(uidOf(first)).getSpec().title()).isEqualTo("One");
    assertThat(cluster.sessions()).hasSize(1);
  }

  @Test
  void theKeyOfSomebodyElseIsAnotherKey() {
    // When
    String mine = id(servers.create(servers.one, "k", ""));
    String theirs = id(servers.create(servers.other, "k", ""));
    // Then
    assertThat(theirs).isNotEqualTo(mine);
    assertThat(cluster.sessions()).hasSize(2);
  }

  @Test
  void aRepeatedRequestNeedsNeitherAgentNorEnvironmentAnyMore() {
    // Given
    String first = id(servers.create(servers.one, "k", MORE));
    cluster.without("Agent/reviewer").without("Environment/sandbox");
    // When
    Answer again = servers.create(servers.two, "k", MORE);
    // Then
    assertThat(id(again)).as(again.response().body()).isEqualTo(first);
  }

  @Test
  void anObjectOfSomebodyElseIsNotTouched() {
    // Given: the name that the key leads to
    String first = id(servers.create(servers.one, "k", ""));
    String name = cluster.get(uidOf(first)).getMetadata().getName();
    cluster.delete(uidOf(first));
    Session byHand = Serialization.clone(cluster.session(name));
    // When
    Answer answer = servers.create(servers.one, "k", "");
    // Then
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("x-should-retry")).contains("false");
    assertThat(answer.json().at("/error/message").asText()).contains(name, "not made with it");
    assertThat(cluster.get(byHand.getMetadata().getUid()).getSpec()).isEqualTo(byHand.getSpec());
  }

  // --- what a death in the middle leaves is carried on ---

  @Test
  void anObjectWithoutALogIsCarriedOnElsewhere() {
    // Given: the first server died behind the object
    cluster.failures.plan(Step.CREATED, 1);
    Answer lost = servers.create(servers.one, "k", MORE);
    // When
    Answer again = servers.create(servers.two, "k", MORE);
    // Then
    assertThat(lost.status()).isEqualTo(503);
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(again.json().path("status").asText()).isEqualTo("running");
    assertOneWholeSession(id(again));
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aFirstCommitThatNobodyKnowsOfCountsOnce(Failure failure) {
    // Given
    servers.memory.failAppend(1, failure).failAppend(2, failure).failAppend(3, failure);
    // When: the client asks until it is answered
    Answer again =
        await("answered")
            .until(() -> servers.create(servers.two, "k", MORE), it -> it.status() != 503);
    Answer once = servers.create(servers.one, "k", MORE);
    // Then
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(id(once)).isEqualTo(id(again));
    await("unmarked").untilAsserted(() -> assertOneWholeSession(id(again)));
  }

  @Test
  void aRequestThatIsStillUnderWayIsMetOnItsWay() {
    // Given: the second comes when the first is about to begin the log, and overtakes it
    List<Answer> overtaking = new ArrayList<>();
    servers.store.before(
        commit -> commit.appendId().equals("create"),
        () -> overtaking.add(servers.create(servers.two, "k", MORE)));
    // When
    Answer first = servers.create(servers.one, "k", MORE);
    // Then
    assertThat(overtaking).extracting(Answer::status).containsExactly(200);
    assertThat(first.status()).as(first.response().body()).isEqualTo(200);
    assertThat(overtaking).extracting(TwoServers::id).containsExactly(id(first));
    assertOneWholeSession(id(first));
  }

  @Test
  void aMarkThatStayedGoes() {
    // Given
    cluster.failures.plan(Step.UNMARK, 1);
    String first = id(servers.create(servers.one, "k", MORE));
    // When
    Answer again = servers.create(servers.two, "k", MORE);
    // Then
    assertThat(id(again)).isEqualTo(first);
    assertOneWholeSession(first);
  }

  @Test
  void whatIsSweptWhileItIsCarriedOnIsMadeAnew() {
    // Given: the object goes when its log is about to begin
    servers.store.before(
        commit -> commit.appendId().equals("create"),
        () -> cluster.delete(cluster.sessions().getFirst().getMetadata().getUid()));
    Answer swept = servers.create(servers.one, "k", MORE);
    // When
    Answer again = servers.create(servers.one, "k", MORE);
    // Then
    assertThat(swept.status()).as(swept.response().body()).isEqualTo(409);
    assertThat(swept.header("x-should-retry")).isEmpty();
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertOneWholeSession(id(again));
  }

  @Test
  void anObjectThatOthersChangeAllTheTimeKeepsItsLog() {
    // Given
    cluster.failures.plan(Step.UNMARK_CROWDED, 1);
    Answer busy = servers.create(servers.one, "k", MORE);
    cluster.failures.plan(Step.UNMARK_CROWDED, 0);
    // When
    Answer again = servers.create(servers.one, "k", MORE);
    // Then
    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.header("x-should-retry")).isEmpty();
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertOneWholeSession(id(again));
    assertThat(servers.memory.appendCalls()).isOne();
  }

  @Test
  void theMarkOfTheRequestOutlivesChanges() {
    // Given
    String id = id(servers.create(servers.one, "k", ""));
    Map<String, String> before = cluster.get(uidOf(id)).getMetadata().getAnnotations();
    // When
    post(servers.one, SESSIONS + "/" + id, "{'title':'Two'}");
    // Then
    assertThat(before).containsOnlyKeys(Rouse.REQUEST_ANNOTATION);
    assertThat(cluster.get(uidOf(id)).getMetadata().getAnnotations()).isEqualTo(before);
  }

  @RepeatedTest(10)
  void allAtOnceGetOneSession() throws Exception {
    // Given
    List<Future<Answer>> asked = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        asked.add(threads.submit(() -> servers.create(servers.one, "k", MORE)));
        asked.add(threads.submit(() -> servers.create(servers.two, "k", MORE)));
      }
      for (Future<Answer> one : asked) {
        answers.add(one.get());
      }
    }
    // Then
    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers).extracting(TwoServers::id).containsOnly(id(answers.getFirst()));
    await("unmarked").untilAsserted(() -> assertOneWholeSession(id(answers.getFirst())));
  }
}
