package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelProvider.Listener;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.stream.AnswerStream;
import dev.rouse.harness.model.stream.Protocol;
import dev.rouse.harness.model.stream.ProviderError;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's chat completions, and every server that speaks them: vLLM, Ollama, LiteLLM and others.
 *
 * <p>The limit of an answer is {@code max_tokens}, the name that all of them know. OpenAI's newer
 * models take it only as {@code max_completion_tokens} and say so; from then on that name is used.
 * The other way round would not do: a server that does not know the newer name may ignore it and
 * answer without any limit.
 */
public final class OpenAiProtocol implements Protocol {

  private volatile String limitName = OpenAiRequest.LIMIT;

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public Map<String, String> headers(@Nullable String key) {
    Map<String, String> headers = new HashMap<>(Map.of("accept", "text/event-stream"));
    if (key != null) {
      headers.put("authorization", "Bearer " + key);
    }
    return headers;
  }

  @Override
  public ObjectNode body(ModelRequest request) {
    return OpenAiRequest.body(request, limitName);
  }

  @Override
  public AnswerStream reading(ModelRequest request, Listener listener) {
    return new OpenAiStream(request, listener);
  }

  @Override
  public boolean rewords(int status, ProviderError error) {
    boolean wanted =
        status == 400
            && limitName.equals(OpenAiRequest.LIMIT)
            && error.message().contains(OpenAiRequest.NEWER_LIMIT);
    if (wanted) {
      limitName = OpenAiRequest.NEWER_LIMIT;
    }
    return wanted;
  }
}
