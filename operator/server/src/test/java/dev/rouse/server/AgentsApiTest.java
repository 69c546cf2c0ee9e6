package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentsApiTest extends AgentsApiFixture {

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("data").forEach(it -> names.add(it.path("name").asText()));
    return names;
  }

  @Tag("contract-agent-identity")
  @Tag("contract-agent-object")
  @Tag("contract-ids")
  @Tag("contract-required-fields")
  @Tag("contract-times")
  @Test
  void anAgentHasEveryFieldThatTheContractRequires() {
    // When
    JsonNode agent = ok(post("/v1/agents", "{'name': 'Reviewer', 'model': 'claude-x'}"));
    // Then
    assertThat(agent.path("id").asText()).matches("agent_[1-9A-HJ-NP-Za-km-z]{22}");
    assertThat(agent.path("created_at").asText()).matches(".*\\.\\d{6}Z");
    JsonNode rest =
        ((ObjectNode) agent.deepCopy()).without(List.of("id", "created_at", "updated_at"));
    assertThat(rest)
        .isEqualTo(
            json(
                """
                {'type': 'agent', 'name': 'Reviewer', 'description': null, 'system': null,
                 'model': {'id': 'claude-x', 'effort': {'type': 'high'}, 'speed': 'standard'},
                 'tools': [], 'mcp_servers': [], 'skills': [], 'multiagent': null, 'metadata': {},
                 'execution_identity': {'type': 'service_account'}, 'version': 1,
                 'archived_at': null}
                """));
    assertThat(agent.has("updated_at")).isTrue();
  }

  @Tag("contract-error-path")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name': 'a', 'model': 'm', 'sytem': 'x'} | sytem: there is no such field here",
        "{'name': 'a', 'model': 'm', 'tools': [{'type': 'custom'}]} | tools.0.name: is required",
        "{'name': 'a', 'model': 'm', 'skills': [{'type': 'x'}]} | skills: skills are not avail",
        "[] | body: must be an object, is an array"
      })
  void aBadBodyIsRefusedByThePathOfItsField(String body, String message) {
    assertThat(refused(post("/v1/agents", body), 400, "invalid_request_error")).startsWith(message);
    assertThat(cluster.agentSpecs.list(FakeCluster.NAMESPACE)).isEmpty();
  }

  @Tag("contract-too-large")
  @Test
  void whatTheClusterCannotKeepIsRefusedBeforeItIsSent() {
    // Given 100 tools of 20 KB each
    StringBuilder tools = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      tools.append(i == 0 ? "" : ",");
      tools.append(
          "{'type': 'custom', 'name': 't%d', 'description': '%s', 'input_schema': {'type': 'object'}}"
              .formatted(i, "d".repeat(20_000)));
    }
    // When
    Answer large = post("/v1/agents", "{'name': 'a', 'model': 'm', 'tools': [" + tools + "]}");
    Answer huge = post("/v1/agents", "{'name': 'a', 'x': '" + "y".repeat(5_000_000) + "'}");
    // Then
    assertThat(refused(large, 413, "request_too_large")).contains("1 MiB");
    refused(huge, 413, "request_too_large");
  }

  @Tag("contract-agent-list")
  @Tag("contract-last-page")
  @Test
  void aListShowsWhatWasJustMadeTheNewestFirst() {
    // Given
    made("one");
    made("two");
    String third = made("three");
    ok(client.method("POST", "/v1/agents/" + third + "/archive"));
    made("four");
    // When
    JsonNode all = ok(client.get("/v1/agents"));
    // Then
    assertThat(names(all)).containsExactly("four", "two", "one");
    assertThat(all.has("next_page") && all.path("next_page").isNull()).isTrue();
    assertThat(names(ok(client.get("/v1/agents?include_archived=true&limit=2"))))
        .containsExactly("four", "three");
  }

  @Tag("contract-agent-list")
  @Test
  void pagesGoOnWhereTheyEndedThoughTheirLastEntryIsGone() {
    // Given
    List.of("a", "b", "c", "d", "e").forEach(this::made);
    JsonNode first = ok(client.get("/v1/agents?limit=2"));
    String next = first.path("next_page").asText();
    // When
    ok(client.method("POST", "/v1/agents/" + first.at("/data/1/id").asText() + "/archive"));
    made("f");
    JsonNode second = ok(client.get("/v1/agents?limit=2&page=" + next));
    // Then
    assertThat(next).matches("page_[A-Za-z0-9_-]+");
    assertThat(names(first)).containsExactly("e", "d");
    assertThat(names(second)).containsExactly("c", "b");
  }

  @Tag("contract-cursors")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=x",
        "page=page_e30",
        "page=x",
        "include_archived=maybe",
        "created_at[gte]=yesterday"
      })
  void namesTheWrongParameter(String query) {
    // Given
    String name = query.substring(0, query.indexOf('='));
    // When
    Answer answer = client.get("/v1/agents?" + query.replace("[", "%5B").replace("]", "%5D"));
    // Then
    assertThat(refused(answer, 400, "invalid_request_error")).startsWith(name + ":");
  }

  @Tag("contract-agent-list")
  @Tag("contract-cursor-place")
  @Tag("contract-ranges")
  @Test
  void filtersByTheTimeOfMaking() {
    // Given
    List.of("a", "b", "c").forEach(this::made);
    JsonNode two = ok(client.get("/v1/agents?limit=2"));
    String middle = two.at("/data/1/created_at").asText();
    String page = "&page=" + two.path("next_page").asText();
    // When
    List<String> since = names(ok(client.get("/v1/agents?created_at%5Bgte%5D=" + middle)));
    List<String> until = names(ok(client.get("/v1/agents?created_at%5Blte%5D=" + middle)));
    List<String> before = names(ok(client.get("/v1/agents?created_at%5Blt%5D=" + middle)));
    Answer outside = client.get("/v1/agents?created_at%5Blt%5D=" + middle + page);
    // Then
    assertThat(since).containsExactly("c", "b");
    assertThat(until).containsExactly("b", "a");
    assertThat(before).containsExactly("a");
    assertThat(refused(outside, 400, "invalid_request_error")).startsWith("page:");
  }

  @Tag("contract-agent-no-change")
  @Test
  void anUpdateThatChangesNothingWritesNothing() {
    // Given
    String path = "/v1/agents/" + made("a");
    String before = version();
    // When
    JsonNode after = ok(post(path, "{'name': 'a', 'description': '', 'tools': [], 'version': 1}"));
    // Then
    assertThat(after.path("version").asInt()).isEqualTo(1);
    assertThat(version()).isEqualTo(before);
  }

  private String version() {
    return cluster
        .agentSpecs
        .list(FakeCluster.NAMESPACE)
        .getFirst()
        .getMetadata()
        .getResourceVersion();
  }

  @Tag("contract-agent-stale")
  @Tag("contract-no-retry")
  @Test
  void aVersionThatIsNotTheNewestIsRefusedEvenIfNothingWouldChange() {
    // Given
    String path = "/v1/agents/" + made("a");
    ok(post(path, "{'system': 'x'}"));
    // When
    Answer answer = post(path, "{'version': 1}");
    // Then
    assertThat(refused(answer, 409, "conflict_error")).startsWith("version:").contains("version 2");
    assertThat(answer.header("x-should-retry")).contains("false");
  }

  @Tag("contract-agent-numbers")
  @Tag("contract-agent-version")
  @Tag("contract-agent-versions")
  @Test
  void oldVersionsAreKeptAsTheyWere() {
    // Given
    String path = "/v1/agents/" + made("a");
    ok(post(path, "{'system': 'x'}"));
    ok(post(path, "{'system': null}"));
    // When
    JsonNode page = ok(client.get(path + "/versions?limit=2"));
    JsonNode rest =
        ok(client.get(path + "/versions?limit=2&page=" + page.path("next_page").asText()));
    // Then
    assertThat(page.path("data").findValuesAsText("version")).containsExactly("3", "2");
    assertThat(rest.path("data").findValuesAsText("version")).containsExactly("1");
    assertThat(rest.path("next_page").isNull()).isTrue();
    assertThat(ok(client.get(path + "?version=2")).path("system").asText()).isEqualTo("x");
    refused(client.get(path + "?version=4"), 404, "not_found_error");
    refused(client.get(path + "?version=0"), 400, "invalid_request_error");
    refused(
        client.get("/v1/agents?page=" + page.path("next_page").asText()),
        400,
        "invalid_request_error");
  }

  @Tag("contract-agent-archive")
  @Test
  void archivedByKubectlIsArchivedSinceKubectlSaidSo() {
    // Given
    String path = "/v1/agents/" + applied("old");
    cluster.agentSpecs.tick();
    cluster.agentSpecs.edit("old", spec -> spec.put("archived", true));
    // When
    JsonNode agent = ok(client.get(path));
    // Then
    assertThat(agent.path("archived_at").asText()).isEqualTo("2026-01-02T03:04:06.000000Z");
    assertThat(agent.path("version").asInt()).as("archiving is no change").isEqualTo(1);
    assertThat(refused(post(path, "{'system': 'x'}"), 400, "invalid_request_error"))
        .contains("archived");
    assertThat(ok(client.method("POST", path + "/archive"))).isEqualTo(agent);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/agents,create agents",
    "GET,/v1/agents,list agents",
    "GET,/v1/agents/{id},get agents",
    "POST,/v1/agents/{id},update agents",
    "POST,/v1/agents/{id}/archive,update agents",
    "GET,/v1/agents/{id}/versions,get agents"
  })
  void eachEndpointNeedsItsRight(String method, String path, String right) {
    // Given
    String known = path.replace("{id}", made("a"));
    String unknown = path.replace("{id}", WireIds.agent("11111111-1111-1111-1111-111111111111"));
    try (TestClient stranger = new TestClient(server.edge.port(), "stranger")) {
      // When
      Answer answer = stranger.method(method, known);
      // Then
      assertThat(refused(answer, 403, "permission_error")).contains("may not " + right);
      refused(stranger.method(method, unknown), 403, "permission_error");
    }
  }

  @Tag("contract-agent-no-delete")
  @Tag("contract-foreign-id")
  @ParameterizedTest
  @CsvSource({"GET,''", "POST,''", "POST,/archive", "GET,/versions"})
  void whatIsInAnotherNamespaceIsNotThere(String method, String rest) {
    // Given
    String path = "/v1/agents/" + made("a") + rest;
    String odd = "/v1/agents/" + encode("agent_ä") + rest;
    String environment =
        "/v1/agents/" + WireIds.environment("11111111-1111-1111-1111-111111111111") + rest;
    try (TestClient foreign = new TestClient(server.edge.port(), "foreign")) {
      // When
      // Then
      refused(foreign.method(method, path), 404, "not_found_error");
      refused(client.method(method, odd), 404, "not_found_error");
      refused(client.method(method, environment), 404, "not_found_error");
    }
    refused(client.method("DELETE", "/v1/agents/x"), 405, "invalid_request_error");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
