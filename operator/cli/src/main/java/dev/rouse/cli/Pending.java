package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The calls of a session that ask first, and those among them that nobody has answered.
 *
 * @param calls every call that asked, in order, by event id
 * @param open those that wait, in order
 */
record Pending(Map<String, JsonNode> calls, List<JsonNode> open) {

  private static final Set<String> ASKING = Set.of("agent.tool_use", "agent.mcp_tool_use");
  private static final int SHOWN = 200;

  /** Judged by a whole history. */
  static Pending of(List<JsonNode> history) {
    Map<String, JsonNode> calls = new LinkedHashMap<>();
    Map<String, JsonNode> open = new LinkedHashMap<>();
    for (JsonNode event : history) {
      String type = event.path("type").asText();
      String about = event.path("tool_use_id").asText(event.path("mcp_tool_use_id").asText());
      if (ASKING.contains(type) && event.path("evaluated_permission").asText().equals("ask")) {
        calls.put(event.path("id").asText(), event);
        open.put(event.path("id").asText(), event);
      } else if (type.equals("user.tool_confirmation") || type.endsWith("tool_result")) {
        open.remove(about);
      }
    }
    return new Pending(calls, List.copyOf(open.values()));
  }

  /**
   * The calls that a command means.
   *
   * @param named ids that its user gave
   * @param all whether it is about all that wait
   * @throws CliException when that is not clear; the message lists what waits
   */
  List<JsonNode> chosen(List<String> named, boolean all, String session) {
    if (!named.isEmpty()) {
      List<JsonNode> chosen = new ArrayList<>();
      for (String id : named) {
        JsonNode call = calls.get(id);
        if (call == null) {
          throw new CliException(
              "session %s has no call %s that asks first; %s".formatted(session, id, waiting()));
        }
        chosen.add(call);
      }
      return chosen;
    }
    if (open.isEmpty()) {
      throw new CliException("nothing in session " + session + " waits for approval");
    }
    if (open.size() > 1 && !all) {
      throw new CliException("which one? Name calls, or give --all. " + waiting());
    }
    return open;
  }

  private String waiting() {
    return open.isEmpty()
        ? "none waits"
        : open.stream()
            .map(call -> "\n  " + describe(call))
            .collect(Collectors.joining("", "These wait:", ""));
  }

  /** Id, tool and what it is called with, in one line. */
  static String describe(JsonNode call) {
    String input = TextPrinter.input(call.path("input")).replaceAll("\\s+", " ");
    String shown = input.length() <= SHOWN ? input : input.substring(0, SHOWN) + " …";
    return call.path("id").asText() + "  " + call.path("name").asText() + "  " + shown;
  }
}
