package dev.rouse.devcluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Over the Messages protocol. */
final class MessagesDialogue implements Dialogue {

  private final ModelClient client;
  private final ObjectNode request;

  MessagesDialogue(ModelClient client, String model) {
    this.client = client;
    this.request = ModelClient.request(model);
  }

  @Override
  public void user(String text) {
    ModelClient.add(request, "user", text);
  }

  @Override
  public Said ask() throws IOException, InterruptedException {
    var response = client.post(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode content = ModelClient.JSON.readTree(response.body()).get("content");
    request.withArray("messages").addObject().put("role", "assistant").set("content", content);
    var text = new StringBuilder();
    var uses = new ArrayList<Use>();
    for (JsonNode block : content) {
      text.append(block.path("text").asText());
      if (block.path("type").asText().equals("tool_use")) {
        uses.add(new Use(block.get("id").asText(), block.get("name").asText(), block.get("input")));
      }
    }
    return new Said(text.toString(), uses);
  }

  @Override
  public void results(List<Use> uses, List<Workbench.Result> results) {
    ArrayNode content =
        request.withArray("messages").addObject().put("role", "user").putArray("content");
    for (int i = 0; i < uses.size(); i++) {
      content
          .addObject()
          .put("type", "tool_result")
          .put("tool_use_id", uses.get(i).id())
          .put("content", results.get(i).text())
          .put("is_error", results.get(i).error());
    }
  }
}
