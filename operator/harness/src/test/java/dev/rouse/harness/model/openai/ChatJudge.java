package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.model.ModelRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses what a strict chat server refuses; as an Error, so that no retry hides it. */
public final class ChatJudge {

  private ChatJudge() {}

  /** A history that a provider would not take. */
  public static final class Refused extends Error {
    Refused(String why, JsonNode body) {
      super(why + " in " + body.toPrettyString());
    }
  }

  public static void judge(ModelRequest request) {
    JsonNode body = OpenAiRequest.body(request, OpenAiRequest.LIMIT);
    String last = "system";
    List<String> due = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asText();
      JsonNode content = message.path("content");
      switch (role) {
        case "system" -> require(last.equals("system"), "a system message within", body);
        case "user" -> {
          require(due.isEmpty(), "calls without results: " + due, body);
          require(!last.equals("user"), "the user twice in a row", body);
          require(content.isArray() || !content.asText().isBlank(), "an empty message", body);
        }
        case "assistant" -> {
          require(due.isEmpty(), "calls without results: " + due, body);
          require(!last.equals("assistant") && !last.equals("system"), "out of turn", body);
          require(message.has("tool_calls") || !content.asText().isBlank(), "says nothing", body);
          for (JsonNode call : message.path("tool_calls")) {
            String id = call.path("id").asText();
            require(seen.add(id), "a call twice", body);
            require(id.length() <= 40, "an id of more than 40 characters", body);
            require(isObject(call.at("/function/arguments").asText()), "bad arguments", body);
            require(
                call.at("/function/name").asText().matches("[a-zA-Z0-9_-]{1,64}"),
                "a name that is none",
                body);
            due.add(id);
          }
        }
        case "tool" -> {
          require(due.remove(message.path("tool_call_id").asText()), "a result of no call", body);
          require(content.isTextual(), "a result that is no text", body);
        }
        default -> throw new Refused("the role " + role, body);
      }
      last = role;
    }
    require(due.isEmpty(), "calls without results: " + due, body);
    require(last.equals("user") || last.equals("tool"), "nothing to answer", body);
  }

  private static boolean isObject(String json) {
    try {
      return new ObjectMapper().readTree(json).isObject();
    } catch (IOException e) {
      return false;
    }
  }

  private static void require(boolean condition, String why, JsonNode body) {
    if (!condition) {
      throw new Refused(why, body);
    }
  }
}
