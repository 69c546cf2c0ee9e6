package dev.rouse.harness.model.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelProvider.Listener;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.stream.AnswerStream;
import dev.rouse.harness.model.stream.Protocol;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Anthropic Messages API, and every server that speaks its protocol. */
public final class AnthropicProtocol implements Protocol {

  private static final String VERSION = "2023-06-01";

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public Map<String, String> headers(@Nullable String key) {
    Map<String, String> headers =
        new HashMap<>(Map.of("anthropic-version", VERSION, "accept", "text/event-stream"));
    if (key != null) {
      headers.put("x-api-key", key);
    }
    return headers;
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return AnthropicRequest.body(request);
  }

  @Override
  public AnswerStream reading(ModelRequest request, Listener listener) {
    return new AnthropicStream(listener);
  }
}
