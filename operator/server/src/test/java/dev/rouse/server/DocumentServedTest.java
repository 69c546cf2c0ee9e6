package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.server.TestClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The OpenAPI document as it is served, and whether the server reads what it describes. */
class DocumentServedTest extends SessionsApiFixture {

  @Test
  void theDocumentIsForEverybody() {
    // Given
    try (TestClient nobody = new TestClient(server.edge.port(), "")) {
      // When
      Answer answer = nobody.get("/openapi.json");
      // Then
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).contains("application/json");
      assertThat(answer.json().path("openapi").asText()).isEqualTo("3.1.0");
      assertThat(answer.json().at("/paths/~1v1~1sessions/post/operationId").asText())
          .isEqualTo("sessions.create");
    }
  }

  @Test
  void everyQueryParameterIsReadSoThatABadValueIsNamed() {
    // Given
    for (String kind : List.of("agents", "environments", "sessions")) {
      for (String verb : List.of("list", "get")) {
        reviews.grant("ci", verb + " " + kind, FakeCluster.NAMESPACE);
      }
    }
    Environment farm = FakeCluster.selfHosted("farm");
    cluster.put(farm);
    String farmId = WireIds.environment(farm.getMetadata().getUid());
    TestClient worker = new TestClient(server.edge.port(), cluster.grants.issue(farm));
    String session = made("");
    String thread =
        client.get(SESSIONS + "/" + session + "/threads").json().at("/data/0/id").asText();
    JsonNode document = client.get("/openapi.json").json();
    List<String> unread = new ArrayList<>();
    int read = 0;
    // When
    for (var path : document.path("paths").properties()) {
      for (JsonNode given : path.getValue().at("/get/parameters")) {
        JsonNode parameter =
            given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
        String name = parameter.path("name").asText();
        // An agent that nobody has is a filter as good as any.
        if (parameter.path("in").asText().equals("query") && !name.equals("agent_id")) {
          boolean isOfWork = path.getKey().contains("/work");
          String at =
              path.getKey()
                  .replace("{session}", session)
                  .replace("{thread}", thread)
                  .replace("{environment}", isOfWork ? farmId : environment)
                  .replace("{agent}", agent);
          Answer answer =
              (isOfWork ? worker : client)
                  .get(
                      "%s?agent_id=%s&%s=%%3F"
                          .formatted(at, agent, URLEncoder.encode(name, StandardCharsets.UTF_8)));
          read++;
          if (answer.status() != 400
              || !answer.json().at("/error/message").asText().startsWith(name + ":")) {
            unread.add(at + " " + name + " " + answer.response().body());
          }
        }
      }
    }
    worker.close();
    // Then
    assertThat(unread).isEmpty();
    assertThat(read).isGreaterThan(45);
  }
}
