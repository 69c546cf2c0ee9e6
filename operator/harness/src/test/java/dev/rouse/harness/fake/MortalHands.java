package dev.rouse.harness.fake;

import dev.rouse.harness.hands.HandsClient;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;
import java.util.concurrent.Callable;

/** The hands as a brain reaches them that may die. */
public record MortalHands(FakeHands hands, Life life) implements HandsClient {

  @Override
  public Instance raiseEpoch(Hands at, int epoch) throws HandsRefused, IOException {
    return reach("epoch", () -> hands.raiseEpoch(at, epoch));
  }

  @Override
  public Outcome execute(Hands at, String toolUseId, Execution execution)
      throws HandsRefused, IOException {
    return reach("execute", () -> hands.execute(at, toolUseId, execution));
  }

  @Override
  public void cancel(Hands at, String toolUseId) throws HandsRefused, IOException {
    reach(
        "cancel",
        () -> {
          hands.cancel(at, toolUseId);
          return true;
        });
  }

  private <T> T reach(String what, Callable<T> call) throws HandsRefused, IOException {
    try {
      return life.call(what, call);
    } catch (HandsRefused | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
