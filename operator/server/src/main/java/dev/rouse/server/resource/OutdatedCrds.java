package dev.rouse.server.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;

/**
 * The cluster's definitions of our kinds are of an older version than this program: they do not
 * know a field that it writes. No use to try again before somebody has upgraded them.
 */
public final class OutdatedCrds extends KubernetesClientException {

  private static final long serialVersionUID = 1L;

  /** As the API server words it for an apply, with status 500. */
  private static final String NOT_DECLARED = "not declared in schema";

  private OutdatedCrds(String message, KubernetesClientException cause) {
    super(message, cause);
  }

  /**
   * What really keeps a write from being taken.
   *
   * @param failure of the write
   * @param type of the object that was written
   * @return this, or {@code failure} if it has another cause
   */
  static KubernetesClientException causeOf(
      KubernetesClientException failure, Class<? extends HasMetadata> type) {
    String said = String.valueOf(failure.getMessage());
    return said.contains(NOT_DECLARED)
        ? new OutdatedCrds(
            "CustomResourceDefinition %s is older than this server and must be upgraded (kubectl apply --server-side -f crds/ of the server's release): %s"
                .formatted(HasMetadata.getFullResourceName(type), detail(said)),
            failure)
        : failure;
  }

  /** The part that names the field: what comes before repeats the request. */
  private static String detail(String said) {
    int end = said.indexOf(NOT_DECLARED) + NOT_DECLARED.length();
    int start = Math.max(said.lastIndexOf(": .", end), said.lastIndexOf(" .", end));
    return said.substring(Math.max(0, start), end).replaceFirst("^[: ]+", "");
  }
}
