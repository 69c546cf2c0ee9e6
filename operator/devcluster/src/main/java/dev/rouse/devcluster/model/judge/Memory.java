package dev.rouse.devcluster.model.judge;

/**
 * What was asked and said before, by fingerprint. Implementations are safe for many threads.
 *
 * @see dev.rouse.devcluster.model.talk.Fingerprint
 */
public interface Memory {

  /** Whether a request with exactly this beginning was ever made. */
  boolean wasAsked(String prefix);

  /** Whether the model said exactly this, to the end, when asked that. */
  boolean wasSaid(String prefix, String answer);

  /** Takes a beginning for granted, with what the model is said to have answered to it. */
  void adopt(String prefix, String answer);
}
