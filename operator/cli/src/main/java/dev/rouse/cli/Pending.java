package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The calls of a session that wait for one kind of answer, and those among them that have none yet.
 *
 * @param awaits the kind of answer
 * @param calls every call that waits or waited for it, in order, by event id
 * @param open those that wait, in order
 */
record Pending(Awaits awaits, Map<String, JsonNode> calls, List<JsonNode> open) {

  /** What a call waits for. */
  enum Awaits {
    /** A person's leave: the call asks first. */
    APPROVAL("that asks first", "for approval"),
    /** A result: the tool is the client's own. */
    RESULT("of a tool of yours", "for a result");

    private final String kind;
    private final String what;

    Awaits(String kind, String what) {
      this.kind = kind;
      this.what = what;
    }

    private boolean isOf(JsonNode event) {
      String type = event.path("type").asText();
      return switch (this) {
        case APPROVAL ->
            ASKING.contains(type) && event.path("evaluated_permission").asText().equals("ask");
        case RESULT -> type.equals("agent.custom_tool_use");
      };
    }
  }

  private static final Set<String> ASKING = Set.of("agent.tool_use", "agent.mcp_tool_use");
  private static final List<String> ABOUT =
      List.of("tool_use_id", "mcp_tool_use_id", "custom_tool_use_id");
  private static final int SHOWN = 200;

  /** Judged by a whole history. */
  static Pending of(Awaits awaits, List<JsonNode> history) {
    Map<String, JsonNode> calls = new LinkedHashMap<>();
    Map<String, JsonNode> open = new LinkedHashMap<>();
    for (JsonNode event : history) {
      if (awaits.isOf(event)) {
        calls.put(event.path("id").asText(), event);
        open.put(event.path("id").asText(), event);
      }
      ABOUT.forEach(name -> open.remove(event.path(name).asText()));
    }
    return new Pending(awaits, calls, List.copyOf(open.values()));
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
              "session %s has no call %s %s; %s".formatted(session, id, awaits.kind, waiting()));
        }
        chosen.add(call);
      }
      return chosen;
    }
    if (open.isEmpty()) {
      throw new CliException("nothing in session " + session + " waits " + awaits.what);
    }
    if (open.size() > 1 && !all) {
      throw new CliException(
          "which one? Name it"
              + (awaits == Awaits.APPROVAL ? ", or give --all. " : " with --call. ")
              + waiting());
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
    return title(call) + "  " + Plain.of(shown);
  }

  private static String title(JsonNode call) {
    return Plain.of(call.path("id").asText() + "  " + call.path("name").asText());
  }

  /** Everything that the call would do, for somebody who is to decide: nothing is left out. */
  static String whole(JsonNode call) {
    StringBuilder text = new StringBuilder(title(call)).append('\n');
    call.path("input")
        .properties()
        .forEach(field -> {
          String value =
              field.getValue().isTextual()
                  ? field.getValue().asText()
                  : field.getValue().toString();
          text.append("  ").append(Plain.of(field.getKey())).append(":\n    ");
          text.append(Plain.of(value).replace("\n", "\n    ")).append('\n');
        });
    return text.toString();
  }
}
