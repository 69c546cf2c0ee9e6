package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two servers over one cluster and one store, and a client of each: {@code ci}, who may all. */
final class TwoServers implements AutoCloseable {

  static final String SESSIONS = "/v1/sessions";
  static final String HELLO = "{'type':'user.message','content':[{'type':'text','text':'hello'}]}";

  final FakeCluster cluster = new FakeCluster().withReferences();
  final InMemoryLogStore memory = new InMemoryLogStore();
  final TamperedStore store = new TamperedStore(memory);
  final InProcessServer server;
  final TestClient one;
  final TestClient two;
  final TestClient other;
  private final InProcessServer second;
  private final String agent;
  private final String environment;

  TwoServers() throws IOException {
    FakeReviews reviews =
        new FakeReviews()
            .person("token", FakeCluster.NAMESPACE, "ci")
            .person("other", FakeCluster.NAMESPACE, "cd");
    for (String verb : List.of("create", "list", "get", "update", "delete", "watch")) {
      for (String kind : List.of("sessions", "sessions/events", "agents", "environments")) {
        reviews.grant("ci", verb + " " + kind, FakeCluster.NAMESPACE);
        reviews.grant("cd", verb + " " + kind, FakeCluster.NAMESPACE);
      }
    }
    server = new InProcessServer(cluster, reviews, store);
    second = new InProcessServer(cluster, reviews, store);
    one = new TestClient(server.edge.port(), "token");
    two = new TestClient(second.edge.port(), "token");
    other = new TestClient(second.edge.port(), "other");
    agent = WireIds.agent(uid(cluster.agent(FakeCluster.NAMESPACE, "reviewer").orElseThrow()));
    environment =
        WireIds.environment(
            uid(cluster.environment(FakeCluster.NAMESPACE, "sandbox").orElseThrow()));
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  static String uidOf(String id) {
    return WireIds.sessionUidOf(id).orElseThrow();
  }

  static String id(Answer answer) {
    return answer.json().path("id").asText();
  }

  /** Posts JSON written with single quotes. */
  static Answer post(TestClient client, String path, String json, String... headers) {
    return client.postText(path, json.replace('\'', '"'), headers);
  }

  /** The body of a new session. @param more fields, each with a comma before it */
  String body(String more) {
    return "{'agent':'" + agent + "','environment_id':'" + environment + "'" + more + "}";
  }

  /** Makes a session with a key. */
  Answer create(TestClient client, String key, String more) {
    return post(client, SESSIONS, body(more), "Idempotency-Key", key);
  }

  /** Makes a session that rests. */
  String made() {
    return id(post(one, SESSIONS, body(",'title':'One'")));
  }

  Answer send(TestClient client, String id) {
    return post(client, SESSIONS + "/" + id + "/events", "{'events':[" + HELLO + "]}");
  }

  /** The types of a session's events, the runtime's own among them. */
  List<String> types(String id) {
    List<String> types = new ArrayList<>();
    for (JsonNode event :
        one.get(SESSIONS + "/" + id + "/events?include_internal=true").json().path("data")) {
      types.add(event.path("type").asText());
    }
    return types;
  }

  @Override
  public void close() {
    one.close();
    two.close();
    other.close();
    server.close();
    second.close();
  }
}
