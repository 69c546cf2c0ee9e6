package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.model.ModelRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses what the Messages API refuses; as an Error, so that no retry hides it. */
public final class MessagesJudge {

  private MessagesJudge() {}

  /** A history that a provider would not take. */
  public static final class Refused extends Error {
    Refused(String why, JsonNode body) {
      super(why + " in " + body.toPrettyString());
    }
  }

  public static void judge(ModelRequest request) {
    JsonNode body = AnthropicRequest.body(request);
    JsonNode messages = body.path("messages");
    require(!messages.isEmpty(), "no message", body);
    require(messages.get(0).path("role").asText().equals("user"), "does not begin with user", body);
    require(
        messages.get(messages.size() - 1).path("role").asText().equals("user"),
        "does not end with user",
        body);
    String role = "";
    List<String> due = List.of();
    Set<String> seen = new HashSet<>();
    for (JsonNode message : messages) {
      require(!message.path("role").asText().equals(role), "roles do not alternate", body);
      role = message.path("role").asText();
      require(!message.path("content").isEmpty(), "empty message", body);
      List<String> uses = new ArrayList<>();
      List<String> results = new ArrayList<>();
      boolean resultsOver = false;
      for (JsonNode block : message.path("content")) {
        switch (block.path("type").asText()) {
          case "text" -> {
            require(!block.path("text").asText().isBlank(), "blank text", body);
            resultsOver = true;
          }
          case "tool_use" -> {
            require(role.equals("assistant"), "a user calls a tool", body);
            require(seen.add(block.path("id").asText()), "a call twice", body);
            require(block.path("input").isObject(), "an input that is no object", body);
            uses.add(block.path("id").asText());
          }
          case "tool_result" -> {
            require(!resultsOver, "a result behind other content", body);
            results.add(block.path("tool_use_id").asText());
          }
          default -> resultsOver = true;
        }
      }
      require(
          results.size() == due.size() && new HashSet<>(results).equals(new HashSet<>(due)),
          "results " + results + " for calls " + due,
          body);
      due = uses;
    }
    require(due.isEmpty(), "calls without results: " + due, body);
    int marks = body.toString().split("cache_control", -1).length - 1;
    require(marks <= 4, "more than 4 cache marks", body);
  }

  private static void require(boolean condition, String why, JsonNode body) {
    if (!condition) {
      throw new Refused(why, body);
    }
  }
}
