package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions over HTTP on a real API server: who owns which field, and what is written when. */
class SessionsIT {

  private static final String SESSIONS = "/v1/sessions";

  private static RealCluster cluster;
  private static RealServer server;

  private String team;
  private TestClient client;
  private String references;

  @BeforeAll
  static void startServer() throws IOException {
    cluster = RealCluster.start();
    server = RealServer.start(cluster, RealServer.BRISK);
  }

  @AfterAll
  static void stopServer() {
    server.close();
    cluster.close();
  }

  @BeforeEach
  void makeTeam() {
    team = cluster.team();
    cluster.account(team, "worker");
    cluster
        .admin()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(team)
                .withName("worker")
                .endMetadata()
                .withRules(
                    new PolicyRuleBuilder()
                        .withApiGroups("rouse.dev")
                        .withResources("sessions", "sessions/events")
                        .withVerbs("*")
                        .build())
                .build())
        .create();
    cluster
        .admin()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(team)
                .withName("worker")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "worker")
                .addNewSubject("", "ServiceAccount", "worker", team)
                .build())
        .create();
    client = server.client(cluster.token(team, "worker", "rouse"));
    references =
        "\"agent\":\"%s\",\"environment_id\":\"%s\""
            .formatted(
                WireIds.agent(
                    cluster
                        .admin()
                        .resources(dev.rouse.api.Agent.class)
                        .inNamespace(team)
                        .withName("reviewer")
                        .get()
                        .getMetadata()
                        .getUid()),
                WireIds.environment(
                    cluster
                        .admin()
                        .resources(dev.rouse.api.Environment.class)
                        .inNamespace(team)
                        .withName("sandbox")
                        .get()
                        .getMetadata()
                        .getUid()));
  }

  private JsonNode make(String more) {
    Answer answer = client.postText(SESSIONS, "{" + references + more.replace('\'', '"') + "}");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private Answer update(JsonNode session, String json) {
    return client.postText(SESSIONS + "/" + session.path("id").asText(), json.replace('\'', '"'));
  }

  private Session object(JsonNode session) {
    String uid = WireIds.sessionUidOf(session.path("id").asText()).orElseThrow();
    return cluster.admin().resources(Session.class).inNamespace(team).list().getItems().stream()
        .filter(it -> it.getMetadata().getUid().equals(uid))
        .findFirst()
        .orElseThrow();
  }

  /** Applies a part of the spec as another manager does, and takes over what it names. */
  private void apply(Session session, String manager, String spec) {
    GenericKubernetesResource applied =
        Serialization.unmarshal(
            "apiVersion: rouse.dev/v1alpha1\nkind: Session\nmetadata: {name: %s, namespace: %s}\nspec: %s\n"
                .formatted(session.getMetadata().getName(), team, spec),
            GenericKubernetesResource.class);
    cluster
        .admin()
        .resource(applied)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(true)
                .build());
  }

  private List<String> types(JsonNode session) {
    List<String> types = new ArrayList<>();
    client
        .get(SESSIONS + "/" + session.path("id").asText() + "/events?include_internal=true")
        .json()
        .path("data")
        .forEach(event -> types.add(event.path("type").asText()));
    return types;
  }

  @Test
  void aSessionIsMadeShownAndItsStatusFollows() {
    // When
    JsonNode made =
        make(
            ",'title':'Fix it','metadata':{'a':'1'},'initial_events':[{'type':'user.message',"
                + "'content':[{'type':'text','text':'go'}]}]");
    // Then
    Session object = object(made);
    assertThat(made.path("status").asText()).isEqualTo("running");
    assertThat(object.getMetadata().getName()).startsWith("fix-it-");
    assertThat(Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of()))
        .doesNotContainKey(Rouse.CREATING_ANNOTATION);
    assertThat(object.getMetadata().getManagedFields())
        .anyMatch(it -> it.getManager().equals("rouse-api") && it.getOperation().equals("Apply"));
    await("the status follows")
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            object(made).getStatus() != null && "Running".equals(object(made).getStatus().phase()));
    List<String> listed = new ArrayList<>();
    client.get(SESSIONS).json().path("data").forEach(it -> listed.add(it.path("id").asText()));
    assertThat(listed).containsExactly(made.path("id").asText());
  }

  @Test
  void whatTheApiWroteItMayChangeAndClear() {
    // Given
    JsonNode made = make(",'title':'One','metadata':{'a':'1','b':'2'}");
    // When
    Answer first = update(made, "{'title':'Two','metadata':{'b':null,'c/d':'3'}}");
    Answer cleared = update(made, "{'title':null,'metadata':{'a':null,'c/d':null}}");
    // Then
    assertThat(first.json().path("title").asText()).isEqualTo("Two");
    assertThat(first.json().path("metadata").size()).isEqualTo(2);
    assertThat(cleared.status()).as(cleared.response().body()).isEqualTo(200);
    assertThat(cleared.json().path("title").isNull()).isTrue();
    assertThat(cleared.json().path("metadata").isEmpty()).isTrue();
    assertThat(object(made).getSpec().agentRef().name()).isEqualTo("reviewer");
    assertThat(types(made)).filteredOn("session.updated"::equals).hasSize(2);
  }

  @Test
  void whatGitManagesStaysAndTheRestMayChange() {
    // Given
    JsonNode made = make(",'title':'One','metadata':{'a':'1'}");
    apply(object(made), "kustomize-controller", "{title: From Git, metadata: {git: x}}");
    await("the log says so")
        .atMost(Duration.ofSeconds(20))
        .until(() -> types(made).contains("session.updated"));
    // When
    Answer title = update(made, "{'title':'Mine'}");
    Answer removed = update(made, "{'metadata':{'git':null}}");
    Answer other = update(made, "{'metadata':{'a':'2'}}");
    // Then
    assertThat(title.status()).as(title.response().body()).isEqualTo(409);
    assertThat(title.json().at("/error/message").asText())
        .contains("kustomize-controller", "spec.title");
    assertThat(title.header("x-should-retry")).contains("false");
    assertThat(removed.status()).as(removed.response().body()).isEqualTo(409);
    assertThat(removed.json().at("/error/message").asText()).contains("kustomize-controller");
    assertThat(other.status()).as(other.response().body()).isEqualTo(200);
    assertThat(object(made).getSpec().title()).isEqualTo("From Git");
    assertThat(object(made).getSpec().metadata()).isEqualTo(Map.of("git", "x", "a", "2"));
  }

  @Test
  void aSessionOfKubectlIsArchivedAndDeletedOverHttp() {
    // Given
    String uid = cluster.session(team, "by-hand");
    String path = SESSIONS + "/" + WireIds.session(uid);
    await("begun").atMost(Duration.ofSeconds(20)).until(() -> client.get(path).status() == 200);
    // When
    Answer archived = client.method("POST", path + "/archive");
    Answer deleted = client.method("DELETE", path);
    // Then
    assertThat(archived.json().path("status").asText()).isEqualTo("terminated");
    assertThat(archived.json().path("archived_at").isTextual()).isTrue();
    assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(200);
    assertThat(cluster.get(team, "by-hand")).isNull();
    assertThat(client.get(path).status()).isEqualTo(404);
  }

  @Test
  void anObjectLeftHalfwayStaysHidden() {
    // Given: a creator that died before the log began
    JsonNode whole = make("");
    cluster
        .admin()
        .resource(
            Serialization.<GenericKubernetesResource>unmarshal(
                """
                apiVersion: rouse.dev/v1alpha1
                kind: Session
                metadata:
                  name: half
                  namespace: %s
                  annotations: {rouse.dev/creating: "true"}
                spec: {agentRef: {name: reviewer}, environmentRef: {name: sandbox}}
                """
                    .formatted(team),
                GenericKubernetesResource.class))
        .create();
    Session half = cluster.get(team, "half");
    // When
    Answer shown = client.get(SESSIONS + "/" + WireIds.session(half.getMetadata().getUid()));
    // Then
    assertThat(shown.status()).isEqualTo(404);
    assertThat(client.get(SESSIONS).json().path("data").size()).isEqualTo(1);
    assertThat(client.get(SESSIONS).json().at("/data/0/id")).isEqualTo(whole.path("id"));
  }
}
