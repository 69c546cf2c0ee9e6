package dev.rouse.controller.provider;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec.SecretRef;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/**
 * Whether a provider's key is there. The operator asks for the Secret by name and keeps nothing of
 * it: no list, no watch, no cache.
 */
public sealed interface KeyState {

  /** The key is there. */
  record Found() implements KeyState {}

  /** The provider names no Secret: its server wants no key. */
  record NotNeeded() implements KeyState {}

  /**
   * It is not.
   *
   * @param message names Secret, key and field, and the way out
   */
  record Missing(ProviderReason reason, String message) implements KeyState {}

  /** Asks the API server. */
  static KeyState of(KubernetesClient client, ModelProvider provider) {
    SecretRef ref = provider.getSpec().secretRef();
    if (ref == null) {
      return new NotNeeded();
    }
    String namespace = provider.getMetadata().getNamespace();
    Secret secret = client.secrets().inNamespace(namespace).withName(ref.name()).get();
    String name = provider.getMetadata().getName();
    if (secret == null) {
      return new Missing(
          ProviderReason.SecretMissing,
          "Secret %s (spec.secretRef.name of ModelProvider %s) does not exist in namespace %s: create it"
              .formatted(ref.name(), name, namespace));
    }
    Map<String, String> data = secret.getData();
    if (data == null || data.getOrDefault(ref.key(), "").isEmpty()) {
      return new Missing(
          ProviderReason.KeyMissing,
          "Secret %s has no key %s (spec.secretRef.key of ModelProvider %s): add it"
              .formatted(ref.name(), ref.key(), name));
    }
    return new Found();
  }
}
