package dev.rouse.harness.model;

import dev.rouse.session.ModelUsage;

/**
 * One provider of models. One that streams its answer over HTTP is a {@link
 * dev.rouse.harness.model.stream.Protocol}.
 *
 * <p>The call blocks until the answer is complete. An interrupt of the calling thread aborts the
 * request at once and ends the call with an {@link InterruptedException}.
 */
public interface ModelProvider {

  /**
   * Makes one request, without trying again.
   *
   * @param listener told what comes in, on the calling thread
   * @throws ModelFailure when there is no complete answer; it says whether another try may help
   */
  ModelAnswer stream(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException;

  /** Hears an answer while it comes in. */
  interface Listener {

    /** The model began to think. */
    void thinking();

    /**
     * A piece of text.
     *
     * @param index the block's place among the blocks of {@link ModelAnswer#content}
     */
    void text(int index, String piece);

    /** Tokens counted so far; later values replace earlier ones. */
    void usage(ModelUsage soFar);
  }
}
