package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.ExtraServer;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.trial.Rolling.Told;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.Request;
import dev.rouse.e2e.wire.StreamFollower;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two servers over the store that needs nothing installed: clients need not know which is which.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(14)
class TwoServersIT {

  private final Cluster cluster;
  private final Namespace namespace;
  private ExtraServer extra;
  private Caller one;
  private Caller other;

  TwoServersIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.trials("two-servers");
  }

  @BeforeAll
  void startTheSecond() throws IOException {
    cluster.awaitServer();
    extra = cluster.extraServer();
    extra.awaitReady();
    one = Caller.of(namespace, "editor", List.of(cluster.serverUrl()));
    other = Caller.of(namespace, "editor", List.of(extra.url()));
  }

  @AfterAll
  void close() {
    one.close();
    other.close();
    extra.close();
  }

  @Tag("failure-2")
  @Test
  void eitherServerTakesAnyCallAndKnowsAtOnceWhatTheOtherAcknowledged() {
    // Given
    ApiSession here = ApiSession.create(one, "listener", "made by the first");
    ApiSession there = ApiSession.of(other, here.id());

    // When
    JsonNode shown = there.body();
    JsonNode listed = other.call(Request.get("/v1/sessions?limit=100")).ok();
    Ack noted = here.send(ApiSession.interrupt());
    List<JsonNode> notedThere = there.history();
    Ack said = there.send(ApiSession.message("say hello to the second"));
    List<JsonNode> saidHere = here.history();

    // Then
    assertThat(shown.path("title").asText()).isEqualTo("made by the first");
    assertThat(listed.path("data").findValuesAsText("id")).contains(here.id());
    assertThat(notedThere).last().returns(noted.id(), event -> event.path("id").asText());
    assertThat(saidHere).anyMatch(event -> event.path("id").asText().equals(said.id()));
    here.work().awaitAnswer("I heard you.");
    here.work().awaitRest();
    assertThat(rename(other, here, "renamed by the second").path("title").asText())
        .isEqualTo("renamed by the second");
    assertThat(here.body().path("title").asText()).isEqualTo("renamed by the second");
    one.call(new Request("POST", "/v1/sessions/" + here.id() + "/archive", null, null)).ok();
    assertThat(there.body().path("status").asText()).isEqualTo("terminated");
    other.call(new Request("DELETE", "/v1/sessions/" + here.id(), null, null)).ok();
    assertThat(one.call(Request.get("/v1/sessions/" + here.id())).status()).isEqualTo(404);
  }

  private static JsonNode rename(Caller caller, ApiSession session, String title) {
    return caller
        .call(
            Request.post(
                "/v1/sessions/" + session.id(),
                JsonNodeFactory.instance.objectNode().put("title", title)))
        .ok();
  }

  @Tag("contract-order-opening")
  @Test
  void anEventTakenByOneServerIsOnTheStreamOfTheOther() {
    // Given
    ApiSession session = ApiSession.create(one, "listener", "crossing");
    try (StreamFollower follower = session.follow(other)) {

      // When
      Crossing crossing = Crossing.measure(session, follower, 60);

      // Then
      System.out.println("from one server to a stream of the other, " + crossing);
      assertThat(follower.seen()).as("told by the stream").allMatch(StreamFollower.Seen::streamed);
      Promises.assertKept(session, follower);
    }
  }

  @Test
  void whileBothAreKilledInTurnEveryAcknowledgedMessageIsProcessedOnceAndNobodyMissesAnything()
      throws Exception {
    // Given
    try (Rolling rolling = Rolling.start(namespace, List.of(cluster.serverUrl(), extra.url()))) {

      // When
      rolling.killInTurn(cluster, extra, 2);
      List<Told> sessions = rolling.finish();

      // Then
      for (Told told : sessions) {
        List<String> processed =
            told.session().work().log().stream()
                .map(LogRecord::event)
                .filter(UserEvent.Message.class::isInstance)
                .map(event -> ContentBlock.textOf(((UserEvent.Message) event).content()))
                .toList();
        assertThat(processed)
            .as("what %s processed", told.session().id())
            .containsExactlyElementsOf(told.texts());
        for (StreamFollower follower : told.followers()) {
          Promises.assertKept(told.session(), follower);
        }
      }
      int cuts =
          sessions.stream()
              .flatMap(told -> told.followers().stream())
              .mapToInt(StreamFollower::cuts)
              .sum();
      int sent = sessions.stream().mapToInt(told -> told.texts().size()).sum();
      System.out.printf("two servers killed in turn: %d messages, %d cuts%n", sent, cuts);
      assertThat(cuts).as("cuts of streams, else nothing was tried").isGreaterThan(24);
    }
  }
}
