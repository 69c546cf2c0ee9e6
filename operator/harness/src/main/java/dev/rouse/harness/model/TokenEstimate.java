package dev.rouse.harness.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.tools.ToolDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is charged whose real usage nobody knows, because the brain died before the
 * provider said it, or because the provider says none: four characters a token, and a flat sum for
 * each binary block.
 */
public final class TokenEstimate {

  /** Of English text and code; other scripts have fewer. */
  public static final int CHARACTERS_PER_TOKEN = 4;

  private static final int TOKENS_PER_BINARY = 1_600;

  private TokenEstimate() {}

  /** The estimated input tokens of {@code request}, as usage. Output is not guessed. */
  public static ModelUsage of(ModelRequest request) {
    return of(request, 0);
  }

  /**
   * The estimated usage of an answered request.
   *
   * @param written the characters of the answer
   */
  public static ModelUsage of(ModelRequest request, long written) {
    long characters = length(request.system()) + length(request.summary());
    for (ToolDefinition tool : request.tools()) {
      characters += tool.name().length() + tool.description().length();
      characters += characters(tool.inputSchema());
    }
    characters += characters(request.transcript());
    return new ModelUsage(tokens(characters), tokens(written), 0, 0, Map.of());
  }

  /** The estimated tokens of part of a transcript. */
  public static long of(List<Event> transcript) {
    return tokens(characters(transcript));
  }

  /** The estimated tokens of a text. */
  public static long of(@Nullable String text) {
    return tokens(length(text));
  }

  private static long characters(List<Event> transcript) {
    return transcript.stream().mapToLong(event -> characters(EventCodec.toJson(event))).sum();
  }

  private static long tokens(long characters) {
    return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private static long characters(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue().length();
    }
    long sum = json.isValueNode() ? 1 : 0;
    if ("base64".equals(json.path("type").asText())) {
      return (long) TOKENS_PER_BINARY * CHARACTERS_PER_TOKEN;
    }
    for (var field : json.properties()) {
      sum += field.getKey().length() + characters(field.getValue());
    }
    if (json.isArray()) {
      for (JsonNode element : json) {
        sum += characters(element);
      }
    }
    return sum;
  }
}
