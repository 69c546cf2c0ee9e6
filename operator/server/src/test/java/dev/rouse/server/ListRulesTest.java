package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.TestClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every list has in common, and the filters of sessions (contract §1.1, §1.5). */
class ListRulesTest extends SessionsApiFixture {

  @BeforeEach
  void rights() {
    for (String kind : List.of("agents", "environments")) {
      reviews
          .grant("ci", "create " + kind, FakeCluster.NAMESPACE)
          .grant("ci", "list " + kind, FakeCluster.NAMESPACE);
    }
  }

  private JsonNode list(String path) {
    Answer answer = client.get(path);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("data").forEach(it -> ids.add(it.path("id").asText()));
    return ids;
  }

  /** Makes three of a kind. */
  private void three(String path) {
    for (int i = 0; i < 3; i++) {
      Answer answer =
          path.equals(SESSIONS)
              ? create("")
              : post(
                  path,
                  "{'name':'it-%d'%s}".formatted(i, path.endsWith("agents") ? ",'model':'m'" : ""));
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }
  }

  private static boolean isNull(JsonNode page, String field) {
    return page.has(field) && page.path(field).isNull();
  }

  @Tag("contract-last-page")
  @ParameterizedTest
  @ValueSource(strings = {"/v1/sessions", "/v1/agents", "/v1/environments"})
  void pagesHoldEachEntryOnceAndTheLastOneSaysNull(String path) {
    // Given
    three(path);
    List<String> all = ids(list(path));
    // When
    List<String> paged = new ArrayList<>();
    JsonNode page = list(path + "?limit=1");
    while (!isNull(page, "next_page")) {
      assertThat(page.path("next_page").asText()).startsWith("page_");
      assertThat(page.path("data")).hasSize(1);
      paged.addAll(ids(page));
      page = list(path + "?limit=1&page=" + encode(page.path("next_page").asText()));
    }
    paged.addAll(ids(page));
    // Then
    assertThat(paged).isEqualTo(all).hasSizeGreaterThanOrEqualTo(3);
    assertThat(isNull(list(path), "next_page")).isTrue();
  }

  @Tag("contract-cursor-place")
  @ParameterizedTest
  @ValueSource(strings = {"/v1/sessions", "/v1/agents"})
  void aCursorThatCreatedAtLeavesOutIsRefused(String path) {
    // Given
    three(path);
    String page = encode(list(path + "?limit=1").path("next_page").asText());
    // When
    Answer answer = client.get(path + "?created_at%5Blte%5D=2000-01-01T00:00:00Z&page=" + page);
    // Then
    assertError(answer, 400, "invalid_request_error", "page: the cursor ");
    assertThat(answer.json().at("/error/message").asText()).contains("created_at");
  }

  @Tag("contract-cursors")
  @ParameterizedTest
  @CsvSource({
    "/v1/sessions,/v1/agents",
    "/v1/agents,/v1/environments",
    "/v1/environments,/v1/sessions",
  })
  void aCursorOfAnotherListIsRefused(String path, String other) {
    // Given
    three(other);
    String page = encode(list(other + "?limit=1").path("next_page").asText());
    // When
    Answer answer = client.get(path + "?page=" + page);
    // Then
    assertError(answer, 400, "invalid_request_error", "page: not a cursor of this list");
  }

  @Tag("contract-cursor-place")
  @Test
  void aCursorOfSessionsHoldsForItsOrderAndWhateverElseIsAsked() {
    // Given
    three(SESSIONS);
    String page = encode(list(SESSIONS + "?limit=1").path("next_page").asText());
    // When
    Answer other = client.get(SESSIONS + "?order=asc&page=" + page);
    // Then
    assertError(
        other, 400, "invalid_request_error", "page: the cursor belongs to a list of another order");
    assertThat(ids(list(SESSIONS + "?order=desc&limit=2&statuses%5B%5D=idle&page=" + page)))
        .hasSize(2);
  }

  @Tag("contract-session-pages")
  @Test
  void pagesOfSessionsLeadBothWaysAndTheFirstHasNoneBeforeIt() {
    // Given
    three(SESSIONS);
    JsonNode first = list(SESSIONS + "?limit=2");
    // When
    JsonNode second = list(SESSIONS + "?limit=2&page=" + encode(first.path("next_page").asText()));
    JsonNode back = list(SESSIONS + "?limit=2&page=" + encode(second.path("prev_page").asText()));
    // Then
    assertThat(isNull(first, "prev_page")).isTrue();
    assertThat(isNull(second, "next_page")).isTrue();
    assertThat(ids(back)).isEqualTo(ids(first));
    assertThat(isNull(back, "prev_page")).isTrue();
  }

  @Tag("contract-session-pages")
  @Test
  void sessionsComeTheNewestFirstUnlessAskedOtherwise() {
    // Given
    three(SESSIONS);
    // When
    List<String> newest = ids(list(SESSIONS));
    // Then
    assertThat(ids(list(SESSIONS + "?order=desc"))).isEqualTo(newest);
    assertThat(ids(list(SESSIONS + "?order=asc"))).isEqualTo(newest.reversed());
  }

  private List<String> created(String bound, JsonNode session) {
    String time = encode(session.path("created_at").asText());
    return ids(list(SESSIONS + "?created_at%5B" + bound + "%5D=" + time));
  }

  @Tag("contract-session-filters")
  @Test
  void theFiltersOfSessionsHoldOneByOne() {
    // Given
    String idle = made("");
    String running = made(",'initial_events':[" + HELLO + "]");
    String archived = made("");
    client.method("POST", SESSIONS + "/" + archived + "/archive");
    JsonNode newest = list(SESSIONS).at("/data/0");
    // When
    // Then
    assertThat(ids(list(SESSIONS))).containsExactlyInAnyOrder(idle, running);
    assertThat(ids(list(SESSIONS + "?include_archived=true")))
        .containsExactlyInAnyOrder(idle, running, archived);
    assertThat(ids(list(SESSIONS + "?statuses%5B%5D=running"))).containsExactly(running);
    assertThat(ids(list(SESSIONS + "?statuses%5B%5D=running&statuses%5B%5D=idle")))
        .containsExactlyInAnyOrder(idle, running);
    assertThat(ids(list(SESSIONS + "?statuses%5B%5D=terminated&include_archived=true")))
        .containsExactly(archived);
    assertThat(ids(list(SESSIONS + "?agent_id=" + agent))).hasSize(2);
    assertThat(ids(list(SESSIONS + "?agent_id=agent_none"))).isEmpty();
    assertThat(ids(list(SESSIONS + "?agent_id=" + agent + "&agent_version=3"))).hasSize(2);
    assertThat(ids(list(SESSIONS + "?agent_id=" + agent + "&agent_version=4"))).isEmpty();
    assertThat(ids(list(SESSIONS + "?agent_version=4"))).as("says nothing alone").hasSize(2);
    for (String holding : List.of("gte", "lte")) {
      assertThat(created(holding, newest)).as(holding).contains(newest.path("id").asText());
    }
    for (String without : List.of("gt", "lt")) {
      assertThat(created(without, newest)).as(without).doesNotContain(newest.path("id").asText());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=all",
        "order=newest",
        "statuses%5B%5D=asleep",
        "include_archived=1",
        "agent_id=agent_x&agent_version=latest",
        "created_at%5Blte%5D=yesterday",
        "page=2",
      })
  void aWrongParameterOfSessionsIsNamed(String query) {
    // When
    Answer answer = client.get(SESSIONS + "?" + query);
    // Then
    String last = query.substring(query.lastIndexOf('&') + 1);
    String name = last.substring(0, last.indexOf('=')).replace("%5B", "[").replace("%5D", "]");
    assertError(answer, 400, "invalid_request_error", name + ": ");
  }
}
