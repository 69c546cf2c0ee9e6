package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Agents and environments over HTTP on a real API server, under the server's shipped rights: what
 * server-side apply, field managers and access reviews really do.
 */
class DefinitionsIT {

  private static RealCluster cluster;

  private RealServer running;
  private String team;
  private TestClient client;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    running = serve();
    team = cluster.team();
    client = running.client(cluster.author(team));
  }

  private static RealServer serve() {
    return RealServer.start(cluster, _ -> new InMemoryLogStore(), Map.of());
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  /** Single quotes stand for double ones. */
  private static JsonNode json(String text) {
    return Serialization.unmarshal(text.replace('\'', '"'), JsonNode.class);
  }

  private Answer post(String path, String body) {
    return client.post(path, json(body));
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static String message(Answer answer) {
    return answer.json().at("/error/message").asText();
  }

  /** As GitOps and kubectl do it. */
  private HasMetadata apply(String manager, boolean force, String yaml) {
    GenericKubernetesResource object =
        Serialization.unmarshal(
            "apiVersion: rouse.dev/v1alpha1\n" + yaml, GenericKubernetesResource.class);
    object.getMetadata().setNamespace(team);
    return cluster
        .admin()
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build());
  }

  private String agentPath(String name) {
    Agent agent = cluster.admin().resources(Agent.class).inNamespace(team).withName(name).get();
    return "/v1/agents/" + WireIds.agent(agent.getMetadata().getUid());
  }

  @Test
  void anAgentsLife() {
    // Given
    String body =
        """
        {'name': 'Code Reviewer!', 'model': {'id': 'claude-x', 'effort': 'low'}, 'system': 'Be kind.',
         'tools': [{'type': 'agent_toolset_20260401', 'default_config': {'permission_policy': {'type': 'always_ask'}}},
           {'type': 'custom', 'name': 'look_up', 'description': 'Looks up.',
            'input_schema': {'type': 'object', 'properties': {'n': {'minimum': 1.0, 'default': null}}, 'required': ['n']}}],
         'metadata': {'team': 'a', 'tier': '1'}}
        """;
    // When
    JsonNode made = ok(post("/v1/agents", body));
    String path = "/v1/agents/" + made.path("id").asText();
    JsonNode again =
        ok(post(path, "{'version': 1, 'name': 'Code Reviewer!', 'metadata': {'team': 'a'}}"));
    JsonNode changed =
        ok(post(path, "{'version': 1, 'system': '', 'metadata': {'team': null, 'x': 'y'}}"));
    Answer stale = post(path, "{'version': 1}");
    JsonNode archived = ok(post(path + "/archive", "{}"));
    // Then
    assertThat(made.path("version").asInt()).isEqualTo(1);
    assertThat(made.at("/model/effort/type").asText()).isEqualTo("low");
    assertThat(made.at("/tools/1/input_schema/properties/n").has("default")).isTrue();
    assertThat(again).isEqualTo(made);
    assertThat(changed.path("version").asInt()).isEqualTo(2);
    assertThat(changed.path("system").isNull()).isTrue();
    assertThat(changed.path("metadata")).isEqualTo(json("{'tier': '1', 'x': 'y'}"));
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.header("x-should-retry")).contains("false");
    assertThat(archived.path("archived_at").isNull()).isFalse();
    assertThat(archived.path("version").asInt()).as("archiving is no change").isEqualTo(2);
    assertThat(ok(post(path + "/archive", "{}"))).isEqualTo(archived);
    assertThat(post(path, "{'system': 'x'}").status()).isEqualTo(400);
    assertThat(ok(client.get(path))).isEqualTo(archived);
    assertThat(ok(client.get(path + "?version=1")).path("system").asText()).isEqualTo("Be kind.");
    assertThat(client.get(path + "?version=3").status()).isEqualTo(404);
    assertThat(ok(client.get(path + "/versions")).path("data").findValuesAsText("version"))
        .containsExactly("2", "1");
    assertThat(ids(ok(client.get("/v1/agents")))).doesNotContain(made.path("id").asText());
    assertThat(ids(ok(client.get("/v1/agents?include_archived=true"))))
        .contains(made.path("id").asText());
    Agent object =
        cluster.admin().resources(Agent.class).inNamespace(team).list().getItems().stream()
            .filter(it -> WireIds.agent(it.getMetadata().getUid()).equals(made.path("id").asText()))
            .findFirst()
            .orElseThrow();
    assertThat(object.getMetadata().getName()).matches("code-reviewer-[a-z0-9]{8}");
  }

  private static List<String> ids(JsonNode page) {
    return page.path("data").findValuesAsText("id").stream()
        .filter(id -> id.startsWith("agent_"))
        .toList();
  }

  @Test
  void whatFluxManagesStaysFluxs() {
    // Given
    String yaml =
        """
        kind: Agent
        metadata: {name: flux}
        spec: {model: {id: m}, system: From Git., metadata: {from: git}}
        """;
    apply("kustomize-controller", true, yaml);
    String path = agentPath("flux");
    // When
    JsonNode free = ok(post(path, "{'description': 'Ours.', 'metadata': {'mine': '1'}}"));
    JsonNode same = ok(post(path, "{'system': 'From Git.', 'description': 'Ours, too.'}"));
    Answer taken = post(path, "{'system': 'Ours.'}");
    Answer removed = post(path, "{'metadata': {'from': null}}");
    Answer cleared = post(path, "{'system': null}");
    // Then
    assertThat(free.path("description").asText()).isEqualTo("Ours.");
    assertThat(same.path("metadata")).isEqualTo(json("{'from': 'git', 'mine': '1'}"));
    for (Answer refused : List.of(taken, removed, cleared)) {
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().at("/error/type").asText()).isEqualTo("conflict_error");
      assertThat(refused.header("x-should-retry")).contains("false");
      assertThat(message(refused))
          .contains("managed by Flux (field manager kustomize-controller): change it in Git");
    }
    assertThat(message(taken)).contains(".spec.system");
    assertThat(message(removed)).contains(".spec.metadata.from");
    // And Git still decides about its own, and only that
    apply("kustomize-controller", false, yaml.replace("From Git.", "New in Git."));
    JsonNode after = ok(client.get(path));
    assertThat(after.path("system").asText()).isEqualTo("New in Git.");
    assertThat(after.path("description").asText()).isEqualTo("Ours, too.");
    // And what is ours goes when we take it away
    JsonNode gone = ok(post(path, "{'metadata': {'mine': null}, 'description': ''}"));
    assertThat(gone.path("metadata")).isEqualTo(json("{'from': 'git'}"));
    assertThat(gone.path("description").isNull()).isTrue();
  }

  @Tag("contract-agent-numbers")
  @Test
  void everyVersionThatIsAnsweredIsThereForEverAndOnlyOnce() throws Exception {
    // Given two servers, and kubectl beside them
    JsonNode made = ok(post("/v1/agents", "{'name': 'busy', 'model': 'm'}"));
    String path = "/v1/agents/" + made.path("id").asText();
    String name = objectName(made);
    try (RealServer second = serve();
        TestClient there = second.client(cluster.token(team, "author", "rouse"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      List<Future<Answer>> answers = new ArrayList<>();
      List<Future<?>> edits = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        TestClient at = i % 2 == 0 ? client : there;
        JsonNode body = json("{'system': 'api %d', 'metadata': {'n': '%d'}}".formatted(i, i));
        answers.add(threads.submit(() -> at.post(path, body)));
        String yaml =
            """
            kind: Agent
            metadata: {name: %s}
            spec: {description: kubectl %d}
            """
                .formatted(name, i);
        edits.add(threads.submit(() -> apply("kubectl", true, yaml)));
      }
      for (Future<?> edit : edits) {
        edit.get();
      }
      // Then
      Map<Integer, JsonNode> byVersion = new HashMap<>();
      int done = 0;
      for (Future<Answer> future : answers) {
        Answer answer = future.get();
        if (answer.status() == 200) {
          done++;
          JsonNode agent = answer.json();
          int version = agent.path("version").asInt();
          assertThat(byVersion).as("answered twice").doesNotContainKey(version);
          byVersion.put(version, agent);
        } else {
          assertThat(answer.status()).as(answer.response().body()).isEqualTo(409);
          assertThat(message(answer)).containsAnyOf("before this change became a version");
        }
      }
      assertThat(done).isGreaterThan(10);
      byVersion.forEach((version, agent) ->
          assertThat(ok(there.get(path + "?version=" + version))).isEqualTo(agent));
      JsonNode last = ok(client.get(path));
      assertThat(ok(there.get(path))).isEqualTo(last);
      assertThat(versions(path).getFirst()).isEqualTo(last.path("version").asInt());
    }
  }

  private List<Integer> versions(String path) {
    List<Integer> all = new ArrayList<>();
    String page = "";
    while (page != null) {
      JsonNode answer = ok(client.get(path + "/versions?limit=7" + page));
      answer.path("data").forEach(it -> all.add(it.path("version").asInt()));
      page =
          answer.path("next_page").isNull() ? null : "&page=" + answer.path("next_page").asText();
    }
    assertThat(all).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b - a);
    return all;
  }

  private String objectName(JsonNode made) {
    String uid = WireIds.agentUidOf(made.path("id").asText()).orElseThrow();
    return cluster.admin().resources(Agent.class).inNamespace(team).list().getItems().stream()
        .filter(it -> it.getMetadata().getUid().equals(uid))
        .findFirst()
        .orElseThrow()
        .getMetadata()
        .getName();
  }

  @Test
  void anEnvironmentsLife() {
    // Given
    JsonNode made =
        ok(
            post(
                "/v1/environments",
                "{'name': 'builds', 'config': {'type': 'cloud', 'networking': {'type': 'unrestricted'}}}"));
    String id = made.path("id").asText();
    String path = "/v1/environments/" + id;
    Environment object =
        cluster.admin().resources(Environment.class).inNamespace(team).list().getItems().stream()
            .filter(it -> WireIds.environment(it.getMetadata().getUid()).equals(id))
            .findFirst()
            .orElseThrow();
    String name = object.getMetadata().getName();
    apply(
        "kubectl",
        false,
        """
        kind: Environment
        metadata: {name: %s}
        spec: {image: example.org/box, resources: {limits: {memory: 1Gi}}}
        """
            .formatted(name));
    // When
    JsonNode changed = ok(post(path, "{'description': 'For builds.', 'metadata': {'a': 'b'}}"));
    Answer twice = post("/v1/environments", "{'name': 'builds'}");
    cluster
        .admin()
        .resource(
            Serialization.<GenericKubernetesResource>unmarshal(
                """
                apiVersion: rouse.dev/v1alpha1
                kind: Session
                metadata: {name: user, namespace: %s}
                spec: {agentRef: {name: reviewer}, environmentRef: {name: %s}}
                """
                    .formatted(team, name),
                GenericKubernetesResource.class))
        .create();
    Answer used = client.method("DELETE", path);
    JsonNode archived = ok(client.method("POST", path + "/archive"));
    // Then
    assertThat(changed.path("description").asText()).isEqualTo("For builds.");
    Environment kept =
        cluster.admin().resources(Environment.class).inNamespace(team).withName(name).get();
    assertThat(kept.getSpec().image()).isEqualTo("example.org/box");
    assertThat(twice.status()).isEqualTo(409);
    assertThat(message(twice)).contains(id);
    assertThat(used.status()).isEqualTo(400);
    assertThat(message(used)).contains("sesn_");
    assertThat(archived.path("archived_at").isNull()).isFalse();
    assertThat(post(path, "{}").json().at("/error/details/error_code").asText())
        .isEqualTo("environment_archived");
    ok(post("/v1/environments", "{'name': 'builds'}"));
    cluster.admin().resources(Session.class).inNamespace(team).delete();
    assertThat(ok(client.method("DELETE", path)))
        .isEqualTo(json("{'id': '%s', 'type': 'environment_deleted'}".formatted(id)));
    assertThat(client.get(path).status()).isEqualTo(404);
  }

  @Test
  void rightsAreTheClustersAndNamespacesAreApart() {
    // Given
    String path = agentPath("reviewer");
    String other = cluster.team();
    try (TestClient reader = running.client(cluster.reader(team));
        TestClient foreign = running.client(cluster.author(other))) {
      // When
      // Then
      assertThat(reader.get(path).status()).isEqualTo(403);
      assertThat(reader.post("/v1/agents", json("{}")).status()).isEqualTo(403);
      assertThat(foreign.get(path).status()).isEqualTo(404);
      assertThat(foreign.get(path, "anthropic-workspace-id", team).status()).isEqualTo(403);
      assertThat(ids(ok(foreign.get("/v1/agents")))).hasSize(1).doesNotContain(path.substring(11));
    }
  }

  @Test
  void kubectlsNewAgentIsFoundAtOnce() {
    // Given
    apply("kubectl", false, "kind: Agent\nmetadata: {name: fresh}\nspec: {model: {id: m}}\n");
    // When
    Answer answer = client.get(agentPath("fresh"));
    // Then
    JsonNode agent = ok(answer);
    assertThat(agent.path("name").asText()).isEqualTo("fresh");
    assertThat(agent.path("version").asInt()).isEqualTo(1);
    await("it is listed")
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThat(ids(ok(client.get("/v1/agents")))).contains(agent.path("id").asText()));
  }
}
