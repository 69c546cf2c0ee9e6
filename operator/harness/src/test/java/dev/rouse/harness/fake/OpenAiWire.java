package dev.rouse.harness.fake;

import static dev.rouse.harness.fake.Wire.quoted;

import dev.rouse.harness.model.openai.OpenAiProtocol;
import dev.rouse.harness.model.stream.Protocol;
import java.util.ArrayList;
import java.util.List;

/** The chunks of the chat completions protocol. */
public final class OpenAiWire implements Wire {

  public static final String DONE = "[DONE]";
  public static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":30,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}";

  @Override
  public String type() {
    return "openai";
  }

  @Override
  public Protocol protocol() {
    return new OpenAiProtocol();
  }

  @Override
  public String[] begins(String text) {
    return new String[] {
      delta("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"), text(text)
    };
  }

  @Override
  public String[] says(String text) {
    return new String[] {text(text), finished("stop"), USAGE, DONE};
  }

  @Override
  public List<String> opens(String tool, String... pieces) {
    List<String> chunks = new ArrayList<>(List.of(call(0, "call_1", tool, "")));
    for (String piece : pieces) {
      chunks.add(more(0, piece));
    }
    return chunks;
  }

  @Override
  public List<String> ends() {
    return List.of(finished("tool_calls"), USAGE, DONE);
  }

  @Override
  public List<String> endsCut() {
    return List.of(finished("length"), USAGE, DONE);
  }

  @Override
  public String error(String type, String message) {
    return "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"code\":null}}"
        .formatted(message, type);
  }

  /** A chunk with the fields of a delta. */
  public static String delta(String fields) {
    return "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":null}],\"usage\":null}"
        .formatted(fields);
  }

  public static String text(String piece) {
    return delta("\"content\":" + quoted(piece));
  }

  public static String call(int index, String id, String tool, String arguments) {
    return delta(
        "\"tool_calls\":[{\"index\":%d,\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":%s}}]"
            .formatted(index, id, tool, quoted(arguments)));
  }

  public static String more(int index, String arguments) {
    return delta(
        "\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]"
            .formatted(index, quoted(arguments)));
  }

  public static String finished(String reason) {
    return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}".formatted(reason);
  }
}
