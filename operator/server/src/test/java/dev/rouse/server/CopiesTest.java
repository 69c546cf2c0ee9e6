package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.Phase;
import dev.rouse.session.portable.SessionFileReader;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions are taken out, brought in and moved over HTTP. */
class CopiesTest extends CopiesFixture {

  private static final String WISH =
      "{'name':'copy','agent':'reviewer','environment':'sandbox','title':'Talk'}";

  private final FakeCluster otherCluster = new FakeCluster().withReferences();
  private final InMemoryLogStore otherStore = new InMemoryLogStore();
  private InProcessServer otherServer;
  private TestClient other;

  @BeforeEach
  void startOther() throws Exception {
    otherServer = new InProcessServer(otherCluster, reviews, otherStore);
    other = new TestClient(otherServer.edge.port(), "token");
  }

  @AfterEach
  void stopOther() {
    other.close();
    otherServer.close();
  }

  private static List<LogRecord> records(byte[] file) throws Exception {
    SessionFileReader reader = new SessionFileReader(new ByteArrayInputStream(file));
    List<LogRecord> records = new ArrayList<>();
    for (Optional<SessionFileReader.Entry> next = reader.next();
        next.isPresent();
        next = reader.next()) {
      records.add(next.get().record());
    }
    return records;
  }

  private static Answer begin(TestClient to, String key) {
    return to.postText(OURS, WISH.replace('\'', '"'), "Idempotency-Key", key);
  }

  private static Answer bring(TestClient to, String id, List<String> lines) {
    return to.postText(OURS + "/" + id + "/log", String.join("\n", lines) + "\n");
  }

  private static Answer end(TestClient to, String id, long head) {
    return to.postText(
        OURS + "/" + id + "/log/end",
        ("{'kind':'import','head':" + head + ",'source':{'namespace':'team-a','name':'old'}}")
            .replace('\'', '"'));
  }

  private String imported(List<String> lines) {
    String id = begin(other, "k").json().path("id").asText();
    assertThat(bring(other, id, lines).status()).isEqualTo(200);
    Answer ended = end(other, id, lines.size() - 1);
    assertThat(ended.status()).as(ended.response().body()).isEqualTo(200);
    return id;
  }

  @Test
  void whatWasExportedAndImportedIsTheSameButForItsOrigin() throws Exception {
    // Given
    byte[] file = export(client, talked());
    // When
    byte[] again = export(other, imported(lines(file)));
    // Then
    int count = lines(file).size();
    assertThat(lines(again).subList(0, count)).isEqualTo(lines(file));
    assertThat(records(again).subList(count, records(again).size()))
        .singleElement()
        .satisfies(last ->
            assertThat(last.event())
                .isInstanceOfSatisfying(
                    InternalEvent.Origin.class,
                    origin -> assertThat(origin.source().path("name").asText()).isEqualTo("old")));
  }

  @Test
  void anImportedSessionAnswers() {
    // Given
    String id = imported(lines(export(client, talked())));
    otherCluster.harness(uid(id), "pod-1");
    // When
    Answer sent =
        other.postText(
            SESSIONS + "/" + id + "/events", ("{'events':[" + HELLO + "]}").replace('\'', '"'));
    // Then
    assertThat(sent.status()).as(sent.response().body()).isEqualTo(200);
    await("the object says that it runs")
        .untilAsserted(() ->
            assertThat(ServerPart.of(otherCluster.get(uid(id))).phase())
                .isEqualTo(Phase.RUNNING.title()));
    try (FakeBrain brain = new FakeBrain(otherServer.edge.port(), "brain", uid(id))) {
      assertThat(brain.wake().status()).isEqualTo(200);
      List<Event> queued = List.copyOf(otherServer.state(uid(id)).queued().values());
      assertThat(brain.turn("turn", queued, "hi again").status()).isEqualTo(200);
    }
    assertThat(otherServer.state(uid(id)).transcript()).hasSize(4);
  }

  @Test
  void halfACopyIsThereForNobody() {
    // Given
    List<String> lines = lines(export(client, talked()));
    String id = begin(other, "k").json().path("id").asText();
    // When
    bring(other, id, lines.subList(0, 4));
    // Then
    assertThat(other.get(SESSIONS + "/" + id).status()).isEqualTo(404);
    assertThat(other.get(SESSIONS + "/" + id + "/events").status()).isEqualTo(404);
    assertThat(other.get(OURS + "/" + id + "/log").status()).isEqualTo(404);
    assertThat(other.get(SESSIONS).json().path("data")).isEmpty();
    assertThat(
            other
                .postText(
                    SESSIONS + "/" + id + "/events",
                    ("{'events':[" + HELLO + "]}").replace('\'', '"'))
                .status())
        .isEqualTo(404);
    assertThat(ServerPart.of(otherCluster.get(uid(id))).log()).isNull();
  }

  @Test
  void anImportGoesOnWhereAnotherServerDied() throws Exception {
    // Given a server that died between two pieces
    byte[] file = export(client, talked());
    List<String> lines = lines(file);
    String id = begin(other, "k").json().path("id").asText();
    bring(other, id, lines.subList(0, 4));
    otherServer.kill();
    other.close();
    otherServer = new InProcessServer(otherCluster, reviews, otherStore);
    other = new TestClient(otherServer.edge.port(), "token");
    // When
    Answer again = begin(other, "k");
    // Then
    assertThat(again.json().path("id").asText()).isEqualTo(id);
    assertThat(again.json().path("head").asLong()).isEqualTo(3);
    assertThat(imported(lines)).isEqualTo(id);
    assertThat(lines(export(other, id)).subList(0, lines.size())).isEqualTo(lines);
    assertThat(begin(other, "k").json().path("complete").asBoolean()).isTrue();
  }

  @Test
  void aLostAnswerOfTheStoreChangesNothing() {
    // Given
    List<String> lines = lines(export(client, talked()));
    String id = begin(other, "k").json().path("id").asText();
    otherStore.failAppend(1, Failure.LOST_AFTER).failAppend(2, Failure.LOST_AFTER);
    // When
    Answer brought = bring(other, id, lines);
    Answer ended = end(other, id, lines.size() - 1);
    // Then
    assertThat(brought.status()).as(brought.response().body()).isEqualTo(200);
    assertThat(ended.status()).as(ended.response().body()).isEqualTo(200);
    assertThat(lines(export(other, id))).hasSize(lines.size() + 1);
  }

  @Test
  void aNameThatAnotherHasIsRefused() {
    // Given
    imported(lines(export(client, talked())));
    // When
    Answer answer = begin(other, "another key");
    // Then
    assertError(answer, 409, "conflict_error", "there is a session copy in namespace team-a");
    assertThat(answer.header("x-should-retry")).contains("false");
  }

  @Test
  void recordsAreBroughtToImportsOnly() {
    // Given
    String id = talked();
    List<String> lines = lines(export(client, id));
    // When
    Answer answer = bring(client, id, lines);
    // Then
    assertError(answer, 409, "conflict_error", "is not being imported");
    assertThat(answer.header("x-should-retry")).contains("false");
  }

  @Test
  void aRecordThatIsNoneIsNamed() {
    // Given
    List<String> lines = new ArrayList<>(lines(export(client, talked())));
    lines.set(2, lines.get(2).replace("\"seq\":2", "\"seq\":3"));
    String id = begin(other, "k").json().path("id").asText();
    // When
    Answer answer = bring(other, id, lines);
    // Then
    assertError(answer, 400, "invalid_request_error", "line 3: seq: record 3");
  }

  @Test
  void takingALogOutNeedsItsOwnRight() {
    // Given
    String id = talked();
    reviews.revoke("ci", "get sessions/log", FakeCluster.NAMESPACE);
    // When
    Answer export = client.get(OURS + "/" + id + "/log");
    Answer fork = client.postText(OURS + "/" + id + "/fork", "{}");
    // Then
    assertError(export, 403, "permission_error", "get sessions/log");
    assertError(fork, 403, "permission_error", "get sessions/log");
  }

  @Test
  void aMovedSessionRefusesInputAndSaysWhereItIs() {
    // Given
    String id = talked();
    long head = lines(export(client, id)).size() - 1;
    String move =
        "{'head':" + head + ",'target':{'namespace':'team-b','name':'there','where':'https://x'}}";
    // When
    Answer moved = post(OURS + "/" + id + "/move", move);
    // Then
    assertThat(moved.status()).as(moved.response().body()).isEqualTo(200);
    assertThat(post(OURS + "/" + id + "/move", move).status()).isEqualTo(200);
    assertError(
        post(SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}"),
        400,
        "invalid_request_error",
        "was moved to session team-b/there at https://x");
    await("the status says so")
        .untilAsserted(() -> {
          var status = ServerPart.of(cluster.get(uid(id)));
          assertThat(status.phase()).isEqualTo("Idle");
          assertThat(status.stopReason()).isEqualTo("moved");
          assertThat(status.conditions())
              .anySatisfy(it -> assertThat(it.getMessage()).contains("team-b/there"));
        });
  }

  @Test
  void aSessionThatHasGoneOnIsNotMoved() {
    // Given
    String id = talked();
    // When
    Answer moved =
        post(OURS + "/" + id + "/move", "{'head':1,'target':{'namespace':'b','name':'c'}}");
    // Then
    assertError(moved, 409, "conflict_error", "copy the rest");
    assertThat(moved.header("x-should-retry")).contains("false");
  }

  @Test
  void theIdOfACopyIsOfItsObject() {
    // When
    String id = imported(lines(export(client, talked())));
    // Then
    Session object = otherCluster.get(uid(id));
    assertThat(WireIds.session(object.getMetadata().getUid())).isEqualTo(id);
    assertThat(object.getMetadata().getAnnotations())
        .doesNotContainKey(dev.rouse.api.Rouse.CREATING_ANNOTATION);
    assertThat(object.getSpec().agentRef().name()).isEqualTo("reviewer");
  }
}
