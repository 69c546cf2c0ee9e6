package dev.rouse.devcluster.node.volume;

import java.time.Instant;

/** Gets a pod's service account tokens from the API server. */
@FunctionalInterface
public interface Tokens {

  /**
   * Asks for a new token bound to the pod.
   *
   * @param audience empty for the API server's own
   * @param seconds the wanted lifetime
   * @throws VolumeException if none is given
   */
  Token request(String audience, long seconds) throws VolumeException;

  /**
   * A token.
   *
   * @param value the secret itself
   * @param expiresAt when the API server stops accepting it
   */
  record Token(String value, Instant expiresAt) {
    /** Never the secret. */
    @Override
    public String toString() {
      return "Token[expiresAt=" + expiresAt + "]";
    }
  }
}
