package dev.rouse.harness.model.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelAnswer;

/** The input of a tool call, which a model writes letter by letter and may get wrong. */
public final class CallInput {

  /** Two inputs run into one are no input: the first alone is not what the model asked for. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private CallInput() {}

  /**
   * The call with the input that {@code json} holds, or with a fault.
   *
   * @param ended whether the provider said that the input is whole
   * @param cut whether the answer was cut off by the limit of tokens
   */
  public static ModelAnswer.Call read(String name, String json, boolean ended, boolean cut) {
    try {
      if (ended && JSON.readTree(json) instanceof ObjectNode input) {
        return new ModelAnswer.Call(name, input, null);
      }
    } catch (JsonProcessingException e) {
      // Said to the model below: it wrote the input, and only it can write it again.
    }
    return new ModelAnswer.Call(
        name,
        JsonNodeFactory.instance.objectNode(),
        cut
            ? "The call was cut off by the limit of tokens for one answer, and was not run."
                + " Make it shorter, or split it."
            : "The input is no valid JSON object. The call was not run.");
  }
}
