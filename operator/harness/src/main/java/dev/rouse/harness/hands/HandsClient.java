package dev.rouse.harness.hands;

import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;

/**
 * The hands, as the brain sees them: {@link dev.rouse.session.protocol.HandsProtocol}.
 *
 * <p>Every call blocks, and an interrupt of the calling thread ends it as an {@link IOException}.
 * {@link HandsRefused} means that nothing was executed by this call; {@link IOException} that it is
 * not known: the same call again joins what runs.
 */
public interface HandsClient {

  /** From now on these hands refuse lower epochs. */
  Instance raiseEpoch(Hands hands, int epoch) throws HandsRefused, IOException;

  /** Runs a tool, or joins it, or hears its result again; waits for its end. */
  Outcome execute(Hands hands, String toolUseId, Execution execution)
      throws HandsRefused, IOException;

  /** Ends a call, or refuses one that has yet to come. */
  void cancel(Hands hands, String toolUseId) throws HandsRefused, IOException;
}
