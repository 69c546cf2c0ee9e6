package dev.rouse.devcluster.node.container;

import java.util.Map;
import java.util.Optional;

/**
 * The ConfigMaps and Secrets of one pod's namespace, seen through the pod.
 *
 * <p>All values are bytes; a ConfigMap's text is its UTF-8.
 */
public interface References {

  /**
   * Reads one object now.
   *
   * @return its entries by key, or empty if there is no such object
   * @throws ReferenceUnavailableException if it could not be read and should be tried again
   */
  Optional<Map<String, byte[]>> find(Kind kind, String name) throws ReferenceUnavailableException;

  /** What can be referred to. */
  enum Kind {
    CONFIG_MAP("configmap"),
    SECRET("secret");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word messages use. */
    public String word() {
      return word;
    }
  }

  /** An object could not be read: refused, or the API server is away. */
  final class ReferenceUnavailableException extends Exception {
    public ReferenceUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
