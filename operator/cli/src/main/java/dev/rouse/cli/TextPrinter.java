package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Events for people: time, who, what; long texts cut to a few lines.
 *
 * <pre>
 * 12:00:01  user     Fix the failing test.
 * 12:00:02  bash     ./run-tests.sh
 * 12:00:05         ✗ 1 of 4 tests failed
 * 12:00:09  agent    The loop stops one too early; I changed it.
 * 12:00:09  idle     end_turn
 * </pre>
 */
record TextPrinter(PrintWriter out, boolean colour, ZoneId zone, int maxLines)
    implements EventPrinter {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final int LABEL = 9;

  private enum Colour {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  @Override
  public void print(JsonNode event) {
    String type = event.path("type").asText();
    switch (type) {
      case "user.message" -> line(event, "user", Colour.CYAN, queued(event) + text(event));
      case "user.interrupt" -> line(event, "user", Colour.CYAN, queued(event) + "interrupt");
      case "user.tool_confirmation" ->
          line(
              event,
              event.path("result").asText().equals("allow") ? "allowed" : "denied",
              Colour.CYAN,
              event.path("decided_by").asText() + reason(event.path("deny_message").asText()));
      case "agent.message" -> line(event, "agent", Colour.GREEN, text(event));
      case "agent.tool_use", "agent.custom_tool_use", "agent.mcp_tool_use" ->
          line(event, event.path("name").asText(), Colour.BOLD, input(event.path("input")));
      case "agent.tool_result",
          "agent.mcp_tool_result",
          "user.tool_result",
          "user.custom_tool_result" -> {
        boolean failed = event.path("is_error").asBoolean();
        line(event, failed ? "      ✗" : "      ✓", failed ? Colour.RED : Colour.DIM, text(event));
      }
      case "session.status_running" -> line(event, "running", Colour.DIM, "");
      case "session.status_idle" ->
          line(event, "idle", Colour.YELLOW, event.path("stop_reason").path("type").asText());
      case "session.status_rescheduled" -> line(event, "retrying", Colour.YELLOW, "");
      case "session.status_terminated" -> line(event, "ended", Colour.RED, "");
      case "session.deleted" -> line(event, "deleted", Colour.RED, "");
      case "session.error" ->
          line(event, "error", Colour.RED, event.path("error").path("message").asText());
      case "session.usage" -> line(event, "usage", Colour.DIM, usage(event.path("usage")));
      case "rouse.woken" ->
          line(
              event,
              "wake",
              Colour.YELLOW,
              "epoch %d, %s".formatted(event.path("epoch").asInt(), event.path("why").asText()));
      case "rouse.dispatched" ->
          line(event, "sent", Colour.DIM, "to hands " + event.path("instance").asText());
      default -> {
        // Spans, threads and the rest say nothing that a person watching needs; -o json has them.
      }
    }
    out.flush();
  }

  @Override
  public void notice(String text) {
    out.println(paint(Colour.DIM, "          " + text + "; trying again"));
    out.flush();
  }

  private void line(JsonNode event, String label, Colour shade, String text) {
    String[] lines = Plain.of(text.strip()).split("\n", -1);
    String indent = " ".repeat(10 + LABEL);
    out.print(paint(Colour.DIM, time(event)) + "  " + paint(shade, pad(Plain.of(label))));
    for (int i = 0; i < lines.length && i < maxLines; i++) {
      out.println((i == 0 ? "" : indent) + lines[i]);
    }
    if (lines.length > maxLines) {
      out.println(indent + paint(Colour.DIM, "… " + (lines.length - maxLines) + " more lines"));
    }
  }

  private String time(JsonNode event) {
    String at = event.path("processed_at").asText("");
    return at.isEmpty() ? "        " : TIME.format(Instant.parse(at).atZone(zone));
  }

  private static String pad(String label) {
    return label.length() >= LABEL ? label + " " : label + " ".repeat(LABEL - label.length());
  }

  private static String queued(JsonNode event) {
    return event.path("processed_at").isTextual() ? "" : "(queued) ";
  }

  private static String text(JsonNode event) {
    StringBuilder text = new StringBuilder();
    for (JsonNode block : event.path("content")) {
      String part =
          block.has("text") ? block.path("text").asText() : "[" + block.path("type").asText() + "]";
      text.append(text.isEmpty() ? "" : "\n").append(part);
    }
    return text.toString();
  }

  /** A tool's one telling argument where there is one, else the whole input. */
  static String input(JsonNode input) {
    for (String field : new String[] {"command", "file_path", "pattern"}) {
      if (input.path(field).isTextual()) {
        return input.path(field).asText();
      }
    }
    return input.toString();
  }

  private static String reason(String message) {
    return message.isEmpty() ? "" : ": " + message;
  }

  private static String usage(JsonNode usage) {
    return "%d tokens in, %d out"
        .formatted(usage.path("input_tokens").asLong(), usage.path("output_tokens").asLong());
  }

  private String paint(Colour shade, String text) {
    return colour ? "\u001b[" + shade.code + "m" + text + "\u001b[0m" : text;
  }
}
