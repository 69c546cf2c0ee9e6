package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.resource.KubernetesSpecs;
import dev.rouse.server.resource.SpecObjects.Applied;
import dev.rouse.server.resource.SpecObjects.Change;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Objects made, and made again, through two servers over one real API server: an apply makes an
 * object or does nothing, and a key makes one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CreationIT {

  private static RealCluster cluster;
  private static RealServer first;
  private static RealServer second;

  private String team;
  private TestClient one;
  private TestClient two;

  @BeforeAll
  static void start() throws IOException {
    cluster = RealCluster.start();
    first = RealServer.start(cluster, Map.of());
    second = RealServer.start(cluster, Map.of());
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
    cluster.close();
  }

  @BeforeEach
  void makeTeam() {
    team = cluster.team();
    String token = cluster.manager(team);
    one = first.client(token);
    two = second.client(token);
  }

  private <T extends HasMetadata> List<T> all(Class<T> type) {
    return cluster.admin().resources(type).inNamespace(team).list().getItems();
  }

  /** What the body of a request says, with single quotes and names in place of ids. */
  private String body(String text) {
    return text.replace("AGENT", WireIds.agent(uid(Agent.class, "reviewer")))
        .replace("ENV", WireIds.environment(uid(Environment.class, "sandbox")))
        .replace('\'', '"');
  }

  private <T extends HasMetadata> String uid(Class<T> type, String name) {
    return cluster
        .admin()
        .resources(type)
        .inNamespace(team)
        .withName(name)
        .get()
        .getMetadata()
        .getUid();
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer;
  }

  private static String message(Answer answer) {
    return answer.json().at("/error/message").asText();
  }

  private static final String SESSION =
      "{'agent':'AGENT','environment_id':'ENV','title':'One','initial_events':[{'type':'user.message','content':[{'type':'text','text':'go'}]}]}";
  private static final String AGENT = "{'name':'Made','model':'claude-test'}";
  private static final String ENVIRONMENT = "{'name':'made','config':{'type':'cloud'}}";

  @ParameterizedTest
  @Order(1)
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/sessions|session-key-|" + SESSION,
        "/v1/agents|agent-key-|" + AGENT,
        "/v1/environments|environment-key-|" + ENVIRONMENT
      })
  void allAtOnceWithOneKeyGetOneObject(String path, String name, String text) throws Exception {
    // Given
    String body = body(text);
    List<Future<Answer>> asked = new ArrayList<>();
    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        asked.add(threads.submit(() -> one.postText(path, body, "Idempotency-Key", "k")));
        asked.add(threads.submit(() -> two.postText(path, body, "Idempotency-Key", "k")));
      }
    }
    // Then
    Set<String> ids = new HashSet<>();
    for (Future<Answer> answer : asked) {
      ids.add(ok(answer.get()).json().path("id").asText());
    }
    assertThat(ids).hasSize(1);
    List<HasMetadata> made = new ArrayList<>();
    made.addAll(all(Session.class));
    made.addAll(all(Agent.class));
    made.addAll(all(Environment.class));
    made.removeIf(it -> !it.getMetadata().getName().startsWith(name));
    assertThat(made).hasSize(1);
    assertThat(made.getFirst().getMetadata().getAnnotations())
        .containsOnlyKeys(Rouse.REQUEST_ANNOTATION);
    assertThat(made.getFirst().getMetadata().getManagedFields())
        .anyMatch(it -> it.getManager().equals("rouse-api") && it.getOperation().equals("Apply"));
  }

  @Test
  @Order(1)
  void whatIsMadeTwiceIsWholeAndChangesKeepItsMark() {
    // Given
    String made =
        ok(one.postText("/v1/sessions", body(SESSION), "Idempotency-Key", "k"))
            .json()
            .path("id")
            .asText();
    ok(one.postText("/v1/sessions/" + made, body("{'title':'Two','metadata':{'a':'1'}}")));
    String agent =
        ok(one.postText("/v1/agents", body(AGENT), "Idempotency-Key", "k"))
            .json()
            .path("id")
            .asText();
    ok(one.postText("/v1/agents/" + agent, body("{'description':'changed'}")));
    // When
    Answer session = two.postText("/v1/sessions", body(SESSION), "Idempotency-Key", "k");
    Answer again = two.postText("/v1/agents", body(AGENT), "Idempotency-Key", "k");
    // Then
    assertThat(ok(session).json().path("id").asText()).isEqualTo(made);
    assertThat(session.json().path("title").asText()).isEqualTo("Two");
    assertThat(ok(again).json().path("id").asText()).isEqualTo(agent);
    assertThat(again.json().path("version").asInt()).isEqualTo(2);
    JsonNode events = two.get("/v1/sessions/" + made + "/events").json().path("data");
    assertThat(events.findValuesAsText("type")).containsOnlyOnce("user.message");
  }

  @Test
  @Order(1)
  void anotherRequestWithTheKeyChangesNothing() {
    // Given
    ok(one.postText("/v1/sessions", body(SESSION), "Idempotency-Key", "k"));
    Session before = all(Session.class).getFirst();
    // When
    Answer other =
        two.postText("/v1/sessions", body(SESSION.replace("One", "Other")), "Idempotency-Key", "k");
    // Then
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.header("x-should-retry")).contains("false");
    assertThat(message(other)).contains("another request");
    assertThat(all(Session.class))
        .singleElement()
        .satisfies(session -> {
          assertThat(session.getSpec()).isEqualTo(before.getSpec());
          assertThat(session.getMetadata().getAnnotations())
              .isEqualTo(before.getMetadata().getAnnotations());
        });
  }

  @Test
  @Order(1)
  void anObjectOfSomebodyElseUnderTheNameIsNotTouched() {
    // Given: the name that the key leads to, held by what kubectl made
    ok(one.postText("/v1/agents", body(AGENT), "Idempotency-Key", "k"));
    String name =
        all(Agent.class).stream()
            .map(it -> it.getMetadata().getName())
            .filter(it -> it.startsWith("agent-key-"))
            .findFirst()
            .orElseThrow();
    cluster.admin().resources(Agent.class).inNamespace(team).withName(name).delete();
    cluster.create(team, FakeCluster.agent(name));
    String version =
        cluster
            .admin()
            .resources(Agent.class)
            .inNamespace(team)
            .withName(name)
            .get()
            .getMetadata()
            .getResourceVersion();
    // When
    Answer answer = one.postText("/v1/agents", body(AGENT), "Idempotency-Key", "k");
    // Then
    assertThat(answer.status()).isEqualTo(409);
    assertThat(message(answer)).contains(name, "not made with it");
    assertThat(
            cluster
                .admin()
                .resources(Agent.class)
                .inNamespace(team)
                .withName(name)
                .get()
                .getMetadata()
                .getResourceVersion())
        .isEqualTo(version);
  }

  @Test
  @Order(1)
  void anApplyOfANewObjectNeverChangesOneThatIsThere() {
    // Given
    cluster.session(team, "taken");
    Session before = cluster.get(team, "taken");
    var specs = new KubernetesSpecs<>(first.client(), Session.class);
    var spec =
        Serialization.unmarshal(
            "---\n{agentRef: {name: reviewer}, environmentRef: {name: sandbox}, title: Mine}",
            ObjectNode.class);
    // When
    var applied = specs.apply(Change.create(team, "taken", Map.of(), spec));
    var free = specs.apply(Change.create(team, "free", Map.of(), spec));
    // Then
    assertThat(applied).isInstanceOf(Applied.Taken.class);
    assertThat(cluster.get(team, "taken").getSpec()).isEqualTo(before.getSpec());
    assertThat(free).isInstanceOf(Applied.Done.class);
  }

  @Test
  @Order(1)
  void aSessionWithABrokenLogIsDeletedWithAllOfIt() {
    // Given
    String uid = cluster.session(team, "broken");
    String path = "/v1/sessions/" + WireIds.session(uid);
    await("begun").atMost(Duration.ofSeconds(20)).until(() -> one.get(path).status() == 200);
    var tail = cluster.admin().configMaps().inNamespace(team).withName("rouse-" + uid);
    tail.edit(it -> {
      it.getData().put("head", "many");
      return it;
    });
    // When
    Answer deleted = two.method("DELETE", path);
    // Then
    ok(deleted);
    assertThat(cluster.get(team, "broken")).isNull();
    assertThat(
            cluster
                .admin()
                .configMaps()
                .inNamespace(team)
                .withLabel(Rouse.LOG_LABEL, uid)
                .list()
                .getItems())
        .extracting(ConfigMap::getMetadata)
        .isEmpty();
  }

  /** The last, for it takes from the cluster what the others need. */
  @Test
  @Order(2)
  void definitionsThatAreOlderThanTheServerAreNamed() {
    // Given
    older("sessions.rouse.dev", "overrides");
    older("agents.rouse.dev", "description");
    String session =
        body(
            "{'agent':{'type':'agent_with_overrides','id':'AGENT','system':'x'},'environment_id':'ENV'}");
    String agent = body("{'name':'New','model':'claude-test','description':'unknown to them'}");
    // When: the API server takes up a definition in its own time
    Answer sessionAnswer =
        await("the session is refused")
            .atMost(Duration.ofSeconds(30))
            .until(() -> one.postText("/v1/sessions", session), it -> it.status() != 200);
    Answer agentAnswer =
        await("the agent is refused")
            .atMost(Duration.ofSeconds(30))
            .until(() -> one.postText("/v1/agents", agent), it -> it.status() != 200);
    // Then
    for (Answer answer : List.of(sessionAnswer, agentAnswer)) {
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(500);
      assertThat(answer.header("x-should-retry")).contains("false");
      assertThat(message(answer)).contains("older than this server", "must be upgraded");
    }
    assertThat(message(sessionAnswer)).contains("sessions.rouse.dev", ".spec.overrides");
    assertThat(message(agentAnswer)).contains("agents.rouse.dev", ".spec.description");
  }

  private static void older(String name, String field) {
    cluster
        .admin()
        .resources(CustomResourceDefinition.class)
        .withName(name)
        .edit(crd -> {
          var spec =
              crd.getSpec()
                  .getVersions()
                  .getFirst()
                  .getSchema()
                  .getOpenAPIV3Schema()
                  .getProperties()
                  .get("spec");
          spec.getProperties().remove(field);
          spec.getXKubernetesValidations().removeIf(it -> it.getRule().contains(field));
          return crd;
        });
  }
}
