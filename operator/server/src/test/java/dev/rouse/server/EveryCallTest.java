package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.server.fuzz.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the contract that hold for many calls (contract §1.1), and limits (§4). */
class EveryCallTest extends SessionsApiFixture {

  @BeforeEach
  void grant() {
    for (String kind : List.of("agents", "environments")) {
      for (String verb : List.of("create", "list", "get", "update")) {
        reviews.grant("ci", verb + " " + kind, FakeCluster.NAMESPACE);
      }
    }
  }

  /** A request as it stands, without the client's own encoding. */
  private Wire.Answer raw(String path, String... headers) throws Exception {
    return Wire.exchange(
        server.edge.port(),
        "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer token\r\n%s\r\n"
            .formatted(
                path, String.join("", List.of(headers).stream().map(it -> it + "\r\n").toList()))
            .getBytes(StandardCharsets.UTF_8));
  }

  @Tag("contract-any-version")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2023-06-01 | managed-agents-2026-04-01",
        "2026-10-21 | managed-agents-2026-04-01,oauth-2025-04-20,files-api-2025-04-14",
        "yesterday | nobody-knows-this"
      })
  void versionsBetasAndTracingAreTakenAsTheyCome(String version, String betas) throws Exception {
    // When
    Wire.Answer answer =
        raw(
            SESSIONS + "?beta=true",
            "anthropic-version: " + version,
            "anthropic-beta: " + betas,
            "anthropic-beta: another",
            "x-stainless-retry-count: 1",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    // Then
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Tag("contract-arrays")
  @Test
  void bracketsMayBeEncodedOrNot() throws Exception {
    // Given
    String id = made("");
    // When
    Wire.Answer plain = raw(SESSIONS + "?statuses[]=running&statuses[]=idle");
    Wire.Answer encoded = raw(SESSIONS + "?statuses%5B%5D=running&statuses%5b%5d=idle");
    Wire.Answer other = raw(SESSIONS + "?statuses[]=running");
    // Then
    assertThat(plain.body()).contains(id).isEqualTo(encoded.body());
    assertThat(other.body()).doesNotContain(id);
  }

  @Tag("contract-env-list")
  @Tag("contract-page-sizes")
  @Test
  void pagesHaveTheirSizes() {
    // Given
    for (int i = 0; i < 21; i++) {
      post("/v1/agents", "{'name':'a%d','model':'m'}".formatted(i));
      post("/v1/environments", "{'name':'e%d'}".formatted(i));
      made("");
    }
    for (String list : List.of("/v1/agents", "/v1/environments", SESSIONS)) {
      // When
      JsonNode page = client.get(list).json();
      JsonNode rest = client.get(list + "?page=" + page.path("next_page").asText()).json();
      // Then
      assertThat(page.path("data").size()).as(list).isEqualTo(20);
      assertThat(rest.path("data").size()).as(list).isPositive();
      assertThat(rest.path("next_page").isNull()).as(list).isTrue();
      assertThat(client.get(list + "?limit=100").status()).isEqualTo(200);
      assertError(client.get(list + "?limit=101"), 400, "invalid_request_error", "limit: ");
    }
  }

  @Tag("contract-agent-limits")
  @ParameterizedTest
  @CsvSource({"description, 2048", "system, 100000"})
  void anAgentsTextsHaveTheirLimits(String field, int most) {
    // Given
    String body = "{'name':'a','model':'m','%s':'%s'}";
    // When
    Answer longest = post("/v1/agents", body.formatted(field, "x".repeat(most)));
    Answer longer = post("/v1/agents", body.formatted(field, "x".repeat(most + 1)));
    // Then
    assertThat(longest.status()).isEqualTo(200);
    assertError(longer, 400, "invalid_request_error", field + ": must have 0 to " + most);
  }

  @Tag("contract-env-merge")
  @Test
  void anEmptyLabelOfAnEnvironmentGoes() {
    // Given
    String id =
        post("/v1/environments", "{'name':'e','metadata':{'a':'1','b':'2','c':'3'}}")
            .json()
            .path("id")
            .asText();
    // When
    Answer answer = post("/v1/environments/" + id, "{'metadata':{'a':'','b':null,'d':'4'}}");
    // Then
    assertThat(answer.json().path("metadata").toString()).isEqualTo("{\"c\":\"3\",\"d\":\"4\"}");
  }

  @Tag("contract-sse-accept")
  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream", "text/html;q=0.1"})
  void aStreamIsOneWhateverIsAccepted(String accepted) throws Exception {
    // Given
    String id = made("");
    // When
    Wire.Answer answer = raw(SESSIONS + "/" + id + "/events/stream", "Accept: " + accepted);
    // Then
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).startsWith("text/event-stream");
    assertThat(answer.body()).startsWith(": connected");
  }
}
