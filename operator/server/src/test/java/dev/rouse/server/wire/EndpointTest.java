package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People write roles against this table: a change here is a change of the API. */
class EndpointTest {

  @Test
  void eachEndpointNeedsThisRight() {
    assertThat(
            Arrays.stream(Endpoint.values())
                .map(it -> it.method() + " " + it.path() + ": " + it.needs()))
        .containsExactly(
            "POST /v1/agents: create agents",
            "GET /v1/agents: list agents",
            "GET /v1/agents/{agent}: get agents",
            "POST /v1/agents/{agent}: update agents",
            "POST /v1/agents/{agent}/archive: update agents",
            "GET /v1/agents/{agent}/versions: get agents",
            "POST /v1/environments: create environments",
            "GET /v1/environments: list environments",
            "GET /v1/environments/{environment}: get environments",
            "POST /v1/environments/{environment}: update environments",
            "POST /v1/environments/{environment}/archive: update environments",
            "DELETE /v1/environments/{environment}: delete environments",
            "GET /v1/environments/{environment}/work: an environment key",
            "GET /v1/environments/{environment}/work/poll: an environment key",
            "GET /v1/environments/{environment}/work/stats: get environments/work, or an environment key",
            "GET /v1/environments/{environment}/work/{work}: get environments/work",
            "POST /v1/environments/{environment}/work/{work}: update environments/work",
            "POST /v1/environments/{environment}/work/{work}/ack: an environment key or a work item's token",
            "POST /v1/environments/{environment}/work/{work}/heartbeat: an environment key or a work item's token",
            "POST /v1/environments/{environment}/work/{work}/stop: update environments/work, or an environment key or a work item's token",
            "POST /v1/sessions: create sessions",
            "GET /v1/sessions: list sessions",
            "GET /v1/sessions/{session}: get sessions, or an environment key or a work item's token",
            "POST /v1/sessions/{session}: update sessions",
            "POST /v1/sessions/{session}/archive: update sessions",
            "DELETE /v1/sessions/{session}: delete sessions",
            "GET /v1/sessions/{session}/events: list sessions/events, or an environment key or a work item's token",
            "POST /v1/sessions/{session}/events: create sessions/events, or an environment key or a work item's token",
            "GET /v1/sessions/{session}/events/stream: watch sessions/events, or an environment key or a work item's token",
            "POST /v1/sessions/{session}/events: create sessions/approvals",
            "GET /v1/sessions/{session}/threads: list sessions/events",
            "GET /v1/sessions/{session}/threads/{thread}: list sessions/events",
            "POST /v1/sessions/{session}/threads/{thread}/archive: update sessions",
            "GET /v1/sessions/{session}/threads/{thread}/events: list sessions/events",
            "GET /v1/sessions/{session}/threads/{thread}/stream: watch sessions/events",
            "GET /rouse/v1/sessions/{session}/log: get sessions/log",
            "POST /rouse/v1/sessions: create sessions/log",
            "POST /rouse/v1/sessions: create sessions",
            "POST /rouse/v1/sessions/{session}/log: create sessions/log",
            "POST /rouse/v1/sessions/{session}/log/end: create sessions/log",
            "POST /rouse/v1/sessions/{session}/fork: get sessions/log",
            "POST /rouse/v1/sessions/{session}/fork: create sessions",
            "POST /rouse/v1/sessions/{session}/move: update sessions/log");
  }

  @Test
  void noEndpointIsBothThereAndAnnounced() {
    for (Endpoint endpoint : Endpoint.values()) {
      String path = endpoint.path().text().replaceAll("\\{\\w+}", "x");
      assertThat(LaterFeature.of(path)).as(path).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/sessions/x/resources,session resources are",
    "/v1/vaults,vaults are",
    "/v1/vaults/v/credentials/c/mcp_oauth_validate,vaults are",
    "/v1/organizations/webhooks/w,webhooks are",
    "/v1/organizations/users,organizations are",
    "/v1/files/f/content,files are",
    "/v1/user_profiles/u,user profiles are",
    "/v1/tunnels/t/certificates/c,MCP tunnels are"
  })
  void whatComesLaterIsNamedWithAWayThatWorksToday(String path, String feature) {
    assertThat(LaterFeature.of(path).orElseThrow().message())
        .startsWith(feature + " not available yet: ");
  }
}
