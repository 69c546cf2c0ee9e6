package dev.rouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.probe.Scrape;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.FakeBrain;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.FakeReviews;
import dev.rouse.server.InProcessServer;
import dev.rouse.server.TestClient;
import dev.rouse.server.wire.OpenApi;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.Phase;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server in this process, and sessions of it that do most of what sessions do. */
final class Workload implements AutoCloseable {

  private static final Ids IDS = Ids.random();

  /** Wake, records, commits, hands, deltas. */
  private static final int CALLS_OF_BRAINS = 5;

  private static final String[] RIGHTS = {
    "create sessions/events", "list sessions/events", "get sessions", "list sessions"
  };

  private final FakeCluster cluster = new FakeCluster().withReferences();
  private final FakeReviews reviews = new FakeReviews().person("token", "team-a", "ci");
  private final InProcessServer server;
  private final TestClient client;

  Workload() throws IOException {
    var provider = FakeCluster.provider("main");
    provider.setSpec(
        Serialization.unmarshal(
            """
            type: anthropic
            baseURL: http://models.example
            secretRef: {name: key, key: key}
            models:
              - name: claude-test
                price: {input: "3", output: "15"}
            """,
            ModelProviderSpec.class));
    cluster.put(provider);
    for (String right : RIGHTS) {
      reviews.grant("ci", right, FakeCluster.NAMESPACE);
    }
    server = new InProcessServer(cluster, reviews, new InMemoryLogStore());
    client = new TestClient(server.edge.port(), "token");
  }

  Scrape scrape() {
    return Scrape.of(server.meters.scrape());
  }

  /** How many calls have a route of their own: those of the document, and those of brains. */
  int routes() {
    int routes = CALLS_OF_BRAINS;
    for (JsonNode path : client.get(OpenApi.PATH).json().path("paths")) {
      routes += path.size() - (path.has("parameters") ? 1 : 0);
    }
    return routes;
  }

  /** A session with a good, a bad and a custom call, a brain that was replaced, and two turns. */
  void session(int number) {
    String uid = cluster.session("session-" + number, "hello").getMetadata().getUid();
    await("session " + number + " runs")
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> server.state(uid).phase() == Phase.RUNNING);
    String path = "/v1/sessions/" + WireIds.session(uid);
    try (FakeBrain first = brain(uid, "first-" + number);
        FakeBrain second = brain(uid, "second-" + number)) {
      cluster.harness(uid, "first-" + number);
      ok(first.wake());
      cluster.harness(uid, "second-" + number);
      ok(second.wake());
      AgentEvent.ToolUse good = FakeBrain.bash("ls");
      AgentEvent.ToolUse bad = FakeBrain.bash("false");
      AgentEvent.CustomToolUse custom =
          new AgentEvent.CustomToolUse(
              IDS.event(), "look_up_" + number, good.input().deepCopy(), null);
      List<Event> calls = new ArrayList<>(FakeBrain.queued(second.records(0)));
      calls.addAll(asked(good, bad, custom));
      ok(second.commit("calls", calls));
      assertThat(first.commit("late", List.of(FakeBrain.message("I am late"))).status())
          .isEqualTo(409);
      ok(second.commit("results", List.of(result(good, false), result(bad, true))));
      ok(second.commit("rest", FakeBrain.idle(StopReason.requiresAction(List.of(custom.id())))));
      ok(client.post(path + "/events", answer(custom)));
      ok(second.turn("end", List.of(), "done"));
    }
    ok(client.get(path));
    ok(client.get(path + "/events"));
    assertThat(client.get("/v1/nowhere/" + number).status()).isEqualTo(404);
    assertThat(client.postText("/internal/v1/sessions/" + uid + "/" + number, "{}").status())
        .isEqualTo(404);
  }

  private FakeBrain brain(String uid, String pod) {
    reviews.pod(pod, FakeCluster.NAMESPACE, pod);
    return new FakeBrain(server.edge.port(), pod, uid);
  }

  private static List<Event> asked(AgentEvent.Call... calls) {
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
    List<Event> events = new ArrayList<>(List.of(start));
    events.addAll(List.of(calls));
    events.add(
        new SpanEvent.ModelRequestEnd(
            IDS.event(), start.id(), null, new ModelUsage(1000, 100, 0, 0, Map.of())));
    return events;
  }

  private static AgentEvent.ToolResult result(AgentEvent.ToolUse call, boolean isError) {
    return new AgentEvent.ToolResult(
        IDS.event(), call.id(), List.of(ContentBlock.text("x")), isError);
  }

  private static Object answer(AgentEvent.CustomToolUse call) {
    return Map.of(
        "events",
        List.of(
            Map.of(
                "type",
                "user.custom_tool_result",
                "custom_tool_use_id",
                call.id(),
                "content",
                List.of(Map.of("type", "text", "text", "Ada")))));
  }

  private static void ok(TestClient.Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
