package dev.rouse.devcluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Over the chat protocol. */
final class ChatDialogue implements Dialogue {

  private final ModelClient client;
  private final ObjectNode request;

  ChatDialogue(ModelClient client, String model) {
    this.client = client;
    this.request = ModelClient.chat(model);
  }

  @Override
  public void user(String text) {
    ModelClient.add(request, "user", text);
  }

  @Override
  public Said ask() throws IOException, InterruptedException {
    var response = client.postChat(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode message = ModelClient.JSON.readTree(response.body()).at("/choices/0/message");
    request.withArray("messages").add(message);
    var uses = new ArrayList<Use>();
    for (JsonNode call : message.path("tool_calls")) {
      uses.add(
          new Use(
              call.get("id").asText(),
              call.at("/function/name").asText(),
              ModelClient.JSON.readTree(call.at("/function/arguments").asText())));
    }
    return new Said(message.path("content").asText(""), uses);
  }

  @Override
  public void results(List<Use> uses, List<Workbench.Result> results) {
    for (int i = 0; i < uses.size(); i++) {
      Workbench.Result result = results.get(i);
      request
          .withArray("messages")
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", uses.get(i).id())
          .put(
              "content",
              result.error() ? "The tool call failed:\n" + result.text() : result.text());
    }
  }
}
