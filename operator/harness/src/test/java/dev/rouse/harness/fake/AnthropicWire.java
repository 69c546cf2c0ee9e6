package dev.rouse.harness.fake;

import static dev.rouse.harness.fake.Wire.quoted;

import dev.rouse.harness.model.anthropic.AnthropicProtocol;
import dev.rouse.harness.model.stream.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The events of the Messages protocol. */
public final class AnthropicWire implements Wire {

  public static final String START =
      "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":12,"
          + "\"cache_creation_input_tokens\":3,\"cache_read_input_tokens\":4,"
          + "\"output_tokens\":1}}}";
  public static final String TEXT = "{\"type\":\"text\",\"text\":\"\"}";
  public static final String STOP = "{\"type\":\"message_stop\"}";

  @Override
  public String type() {
    return "anthropic";
  }

  @Override
  public Protocol protocol() {
    return new AnthropicProtocol();
  }

  @Override
  public String[] begins(String text) {
    return new String[] {START, block(0, TEXT), text(0, text)};
  }

  @Override
  public String[] says(String text) {
    return new String[] {START, block(0, TEXT), text(0, text), end(0), stopped("end_turn"), STOP};
  }

  @Override
  public List<String> opens(String tool, String... pieces) {
    List<String> events = new ArrayList<>(List.of(START, block(0, toolUse(tool))));
    for (String piece : pieces) {
      events.add(json(0, piece));
    }
    return events;
  }

  @Override
  public List<String> ends() {
    return List.of(end(0), stopped("tool_use"), STOP);
  }

  @Override
  public List<String> endsCut() {
    return List.of(stopped("max_tokens"), STOP);
  }

  @Override
  public String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, message);
  }

  public static String toolUse(String tool) {
    return "{\"type\":\"tool_use\",\"name\":\"%s\",\"input\":{}}".formatted(tool);
  }

  public static String block(int index, String content) {
    return "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
        .formatted(index, content);
  }

  public static String text(int index, String piece) {
    return delta(index, "\"type\":\"text_delta\",\"text\":" + quoted(piece));
  }

  public static String json(int index, String piece) {
    return delta(index, "\"type\":\"input_json_delta\",\"partial_json\":" + quoted(piece));
  }

  private static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":{%s}}".formatted(index, delta);
  }

  public static String end(int index) {
    return "{\"type\":\"content_block_stop\",\"index\":%d}".formatted(index);
  }

  public static String stopped(String reason) {
    return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\"},\"usage\":{\"output_tokens\":30}}"
        .formatted(reason);
  }
}
