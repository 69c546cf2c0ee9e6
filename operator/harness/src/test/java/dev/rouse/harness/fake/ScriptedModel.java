package dev.rouse.harness.fake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.harness.model.anthropic.MessagesJudge;
import dev.rouse.harness.model.openai.ChatJudge;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import dev.rouse.session.ModelUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A model that answers by a script and refuses every history that a real provider of any protocol
 * would refuse. The script sees the request only, so it answers a repeated request the same way.
 */
public final class ScriptedModel implements ModelProvider {

  public static final ModelUsage USAGE = new ModelUsage(10, 5, 0, 0, Map.of());

  /** Every request that came. */
  public final List<ModelRequest> requests = new CopyOnWriteArrayList<>();

  private final Script script;
  private final Life life;

  /** Request in, answer out. */
  @FunctionalInterface
  public interface Script {
    ModelAnswer answer(ModelRequest request, Listener listener)
        throws ModelFailure, InterruptedException;
  }

  public ScriptedModel(Script script, Life life) {
    this.script = script;
    this.life = life;
  }

  @Override
  public ModelAnswer stream(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    requests.add(request);
    MessagesJudge.judge(request);
    ChatJudge.judge(request);
    try {
      return life.call("model", () -> script.answer(request, listener));
    } catch (ModelFailure | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public static ModelAnswer says(String text) {
    return answer(List.of(ContentBlock.text(text)), List.of(), ModelAnswer.Stop.END_TURN);
  }

  public static ModelAnswer calls(ModelAnswer.Call... calls) {
    return answer(
        List.of(ContentBlock.text("Let me see.")), List.of(calls), ModelAnswer.Stop.TOOL_USE);
  }

  /** The same answer of a model that thought first. */
  public static ModelAnswer thought(ModelAnswer it) {
    return new ModelAnswer(true, it.content(), it.calls(), it.stop(), it.stopDetails(), it.usage());
  }

  public static ModelAnswer answer(
      List<ContentBlock> content, List<ModelAnswer.Call> calls, ModelAnswer.Stop stop) {
    return new ModelAnswer(false, content, calls, stop, null, USAGE);
  }

  public static ModelAnswer.Call bash(String command) {
    return call("bash", "command", command);
  }

  public static ModelAnswer.Call call(String tool, String field, String value) {
    ObjectNode input = EventCodec.JSON.createObjectNode().put(field, value);
    return new ModelAnswer.Call(tool, input, null);
  }
}
