package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentsApiTest {

  private final FakeCluster cluster = new FakeCluster();
  private final FakeReviews reviews =
      new FakeReviews()
          .person("token", FakeCluster.NAMESPACE, "ci")
          .person("stranger", FakeCluster.NAMESPACE, "stranger");
  private InProcessServer server;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    for (String verb : List.of("create", "list", "get", "update", "delete")) {
      reviews.grant("ci", verb + " environments", FakeCluster.NAMESPACE);
    }
    server = new InProcessServer(cluster, reviews, new InMemoryLogStore());
    client = new TestClient(server.edge.port(), "token");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
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

  private static String refused(Answer answer, int status, String type) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo(type);
    return answer.json().at("/error/message").asText();
  }

  private static String code(Answer answer) {
    return answer.json().at("/error/details/error_code").asText();
  }

  private String made(String name) {
    cluster.environmentSpecs.tick();
    return ok(post("/v1/environments", "{'name': '%s'}".formatted(name))).path("id").asText();
  }

  private Environment object() {
    return cluster.environmentSpecs.list(FakeCluster.NAMESPACE).getFirst();
  }

  @Tag("contract-env-object")
  @Tag("contract-required-fields")
  @Test
  void anEnvironmentHasEveryFieldThatTheContractRequires() {
    // When
    JsonNode made =
        ok(
            post(
                "/v1/environments",
                "{'name': 'box', 'metadata': {'a': 'b'}, 'config': {'type': 'cloud',"
                    + " 'packages': {'apt': [], 'pip': null}}, 'scope': 'organization'}"));
    // Then
    assertThat(made.path("id").asText()).startsWith("env_");
    assertThat(made.path("type").asText()).isEqualTo("environment");
    assertThat(made.path("created_at").asText()).isEqualTo(made.path("updated_at").asText());
    assertThat(made.path("archived_at").isNull() && made.has("archived_at")).isTrue();
    assertThat(made.path("metadata")).isEqualTo(json("{'a': 'b'}"));
    assertThat(made.path("config"))
        .isEqualTo(
            json(
                "{'type': 'cloud', 'networking': {'type': 'unrestricted'}, 'packages':"
                    + " {'type': 'packages', 'apt': [], 'cargo': [], 'gem': [], 'go': [],"
                    + " 'npm': [], 'pip': []}}"));
    assertThat(ok(client.get("/v1/environments/" + made.path("id").asText()))).isEqualTo(made);
    assertThat(ok(client.get("/v1/environments")).path("data").get(0)).isEqualTo(made);
  }

  @Test
  void anUpdateKeepsWhatTheWireDoesNotKnow() {
    // Given
    String path = "/v1/environments/" + made("box");
    String name = object().getMetadata().getName();
    cluster.environmentSpecs.edit(name, spec -> spec.put("image", "example.org/i"));
    cluster.environmentSpecs.tick();
    // When
    JsonNode after = ok(post(path, "{'name': 'crate', 'description': 'd'}"));
    // Then
    assertThat(after.path("name").asText()).isEqualTo("crate");
    assertThat(object().getSpec().image()).isEqualTo("example.org/i");
    assertThat(after.path("updated_at").asText()).isGreaterThan(after.path("created_at").asText());
  }

  @Tag("contract-env-name")
  @Test
  void aNameIsHeldOnce() {
    // Given
    String first = made("box");
    String second = made("crate");
    // When
    Answer created = post("/v1/environments", "{'name': 'box'}");
    Answer renamed = post("/v1/environments/" + second, "{'name': 'box'}");
    // Then
    for (Answer answer : List.of(created, renamed)) {
      assertThat(refused(answer, 409, "conflict_error")).startsWith("name:").contains(first);
      assertThat(answer.header("x-should-retry")).contains("false");
    }
    ok(client.method("POST", "/v1/environments/" + first + "/archive"));
    ok(post("/v1/environments/" + second, "{'name': 'box'}"));
  }

  @Tag("contract-env-name")
  @Test
  void ofManyThatAreMadeAtOnceAtMostOneGetsTheName() throws Exception {
    // Given
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      for (int i = 0; i < 20; i++) {
        answers.add(threads.submit(() -> post("/v1/environments", "{'name': 'box'}")));
      }
    }
    // Then
    List<String> made = new ArrayList<>();
    for (Future<Answer> answer : answers) {
      if (answer.get().status() == 200) {
        made.add(answer.get().json().path("id").asText());
      } else {
        refused(answer.get(), 409, "conflict_error");
      }
    }
    assertThat(made).hasSizeLessThanOrEqualTo(1);
    assertThat(ok(client.get("/v1/environments")).path("data")).hasSize(made.size());
    assertThat(cluster.environmentSpecs.list(FakeCluster.NAMESPACE)).hasSize(made.size());
  }

  @Tag("contract-env-archived")
  @Tag("contract-env-type")
  @Test
  void whatCannotChangeSaysSoWithItsCode() {
    // Given
    String path = "/v1/environments/" + made("box");
    // When
    Answer type = post(path, "{'config': {'type': 'self_hosted'}}");
    ok(client.method("POST", path + "/archive"));
    Answer archived = post(path, "{'name': 'x'}");
    // Then
    assertThat(refused(type, 400, "invalid_request_error")).startsWith("config.type:");
    assertThat(code(type)).isEqualTo("invalid_config_type_change");
    refused(archived, 400, "invalid_request_error");
    assertThat(code(archived)).isEqualTo("environment_archived");
  }

  @Tag("contract-env-archive")
  @Tag("contract-env-list")
  @Test
  void archivingTwiceIsHarmless() {
    // Given
    String path = "/v1/environments/" + made("box");
    // When
    JsonNode once = ok(client.method("POST", path + "/archive"));
    JsonNode twice = ok(client.method("POST", path + "/archive"));
    // Then
    assertThat(twice).isEqualTo(once);
    assertThat(once.path("archived_at").isTextual()).isTrue();
    assertThat(ok(client.get("/v1/environments")).path("data")).isEmpty();
    assertThat(ok(client.get("/v1/environments?include_archived=true")).path("data")).hasSize(1);
  }

  @Tag("contract-deletion")
  @Tag("contract-env-delete")
  @Test
  void whatASessionUsesIsNotRemoved() {
    // Given
    String used = made("box");
    String name = object().getMetadata().getName();
    String free = made("crate");
    cluster.idleSession("user", name);
    // When
    Answer refused = client.method("DELETE", "/v1/environments/" + used);
    Answer deleted = client.method("DELETE", "/v1/environments/" + free);
    // Then
    assertThat(refused(refused, 400, "invalid_request_error")).contains("sesn_", "archive");
    assertThat(ok(deleted))
        .isEqualTo(json("{'id': '%s', 'type': 'environment_deleted'}".formatted(free)));
    refused(client.get("/v1/environments/" + free), 404, "not_found_error");
    refused(client.method("DELETE", "/v1/environments/" + free), 404, "not_found_error");
    assertThat(ok(client.get("/v1/environments")).path("data")).hasSize(1);
  }

  @Tag("contract-env-limited")
  @Test
  void aLimitedOneOfKubectlsIsShownAsItIs() {
    // Given
    Environment limited =
        cluster.environmentSpecs.create(
            FakeCluster.NAMESPACE, "closed", "{networking: {type: limited}}");
    // When
    JsonNode shown =
        ok(client.get("/v1/environments/" + WireIds.environment(limited.getMetadata().getUid())));
    // Then
    assertThat(shown.path("name").asText()).isEqualTo("closed");
    assertThat(shown.at("/config/networking/type").asText()).isEqualTo("limited");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/environments,create environments",
    "GET,/v1/environments,list environments",
    "GET,/v1/environments/{id},get environments",
    "POST,/v1/environments/{id},update environments",
    "POST,/v1/environments/{id}/archive,update environments",
    "DELETE,/v1/environments/{id},delete environments"
  })
  void eachEndpointNeedsItsRight(String method, String path, String right) {
    // Given
    String known = path.replace("{id}", made("box"));
    try (TestClient stranger = new TestClient(server.edge.port(), "stranger")) {
      // When
      Answer answer = stranger.method(method, known);
      // Then
      assertThat(refused(answer, 403, "permission_error")).contains("may not " + right);
    }
  }
}
