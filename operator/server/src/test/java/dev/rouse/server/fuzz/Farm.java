package dev.rouse.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.server.FakeBrain;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.FakeReviews;
import dev.rouse.server.InProcessServer;
import dev.rouse.server.TestClient;
import dev.rouse.server.fuzz.Requests.Caller;
import dev.rouse.session.Event;
import java.util.List;

/**
 * A self-hosted environment of a workspace, with a session whose call waits for a worker.
 *
 * @param owner who may do everything there
 */
record Farm(Caller owner) {

  private static final String POD = "pod-1";

  private String name() {
    return "farm-" + owner.workspace();
  }

  private String brain() {
    return "brain-" + owner.workspace();
  }

  /** What the server must find when it starts. */
  void prepare(FakeCluster cluster, FakeReviews reviews) {
    cluster.put(FakeCluster.selfHosted(name()), owner.workspace());
    reviews.pod(brain(), owner.workspace(), POD);
  }

  /** Makes the session. @return a worker with a key of the environment */
  Caller settle(FakeCluster cluster, InProcessServer server) {
    Environment farm = cluster.environment(owner.workspace(), name()).orElseThrow();
    try (TestClient client = new TestClient(server.edge.port(), owner.token())) {
      String session =
          client
              .postText(
                  "/v1/sessions",
                  "{\"agent\":\"%s\",\"environment_id\":\"%s\"}"
                      .formatted(
                          client.get("/v1/agents").json().at("/data/0/id").asText(),
                          WireIds.environment(farm.getMetadata().getUid())))
              .json()
              .path("id")
              .asText();
      client.postText(
          "/v1/sessions/" + session + "/events",
          "{\"events\":[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"go\"}]}]}");
      String uid = WireIds.sessionUidOf(session).orElseThrow();
      cluster.harness(uid, POD);
      try (FakeBrain brain = new FakeBrain(server.edge.port(), brain(), uid)) {
        brain.wake();
        List<Event> inputs = List.copyOf(server.state(uid).queued().values());
        assertThat(brain.calls("turn", inputs, FakeBrain.bash("make")).status()).isEqualTo(200);
      }
    }
    return new Caller(cluster.grants.issue(farm), owner.workspace(), owner.other());
  }
}
