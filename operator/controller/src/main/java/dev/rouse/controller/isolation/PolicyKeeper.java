package dev.rouse.controller.isolation;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the policies of namespaces as they are to be. It writes only what is missing or was
 * changed, and removes nothing: without pods of ours the policies select nothing, and a removal
 * could meet the next session's first pod.
 */
public final class PolicyKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyKeeper.class);

  /** Answers that trying again at once does not change. */
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 422);

  private final KubernetesClient client;
  private final SandboxPolicies policies;
  private final Seen seen;

  /** Policies as a watch shows them. */
  public interface Seen {

    Optional<NetworkPolicy> policy(String namespace, String name);

    /** So that the next look shows what was just written. */
    void written(NetworkPolicy policy);
  }

  /** Whether the policies of a namespace are there. */
  public sealed interface Protection {

    /** They are, as they are to be. */
    record InForce() implements Protection {}

    /** They are not, and no pod may be started. */
    record Missing(IsolationReason reason, String message) implements Protection {}
  }

  public PolicyKeeper(KubernetesClient client, SandboxPolicies policies, Seen seen) {
    this.client = client;
    this.policies = policies;
    this.seen = seen;
  }

  /**
   * Makes them so. Without a write if they are.
   *
   * @throws KubernetesClientException when the API server does not answer or fails
   */
  public Protection protect(String namespace) {
    for (NetworkPolicy policy : policies.of(namespace)) {
      if (!isThere(policy) && write(policy) instanceof Protection.Missing missing) {
        return missing;
      }
    }
    return new Protection.InForce();
  }

  private boolean isThere(NetworkPolicy policy) {
    return seen.policy(policy.getMetadata().getNamespace(), policy.getMetadata().getName())
        .filter(it -> it.getSpec().equals(policy.getSpec()))
        .filter(it ->
            it.getMetadata()
                .getLabels()
                .entrySet()
                .containsAll(policy.getMetadata().getLabels().entrySet()))
        .isPresent();
  }

  /** One at a time: sessions of a namespace that start together need it written once. */
  private synchronized Protection write(NetworkPolicy policy) {
    if (isThere(policy)) {
      return new Protection.InForce();
    }
    String namespace = policy.getMetadata().getNamespace();
    String name = policy.getMetadata().getName();
    try {
      NetworkPolicy found =
          client.network().v1().networkPolicies().inNamespace(namespace).withName(name).get();
      if (found != null && !isOurs(found)) {
        return new Protection.Missing(
            IsolationReason.PolicyNameTaken,
            "NetworkPolicy %s in namespace %s is not Rouse's, and no pod is started without Rouse's: remove it or give it another name"
                .formatted(name, namespace));
      }
      seen.written(apply(policy));
      LOG.atInfo()
          .addKeyValue("namespace", namespace)
          .log("network policy {} {}", name, found == null ? "created" : "put right");
      return new Protection.InForce();
    } catch (KubernetesClientException e) {
      if (REFUSALS.contains(e.getCode())) {
        return new Protection.Missing(
            IsolationReason.PolicyRefused,
            "NetworkPolicy %s is refused by the cluster, and no pod is started without it: %s"
                .formatted(
                    name, e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage()));
      }
      throw e;
    }
  }

  private NetworkPolicy apply(NetworkPolicy policy) {
    NetworkPolicy applied =
        client
            .resource(policy)
            .fieldManager(Rouse.OPERATOR_MANAGER)
            // Whoever else wrote into it has widened or narrowed what sandboxes may do.
            .forceConflicts()
            .serverSideApply();
    if (applied.getSpec().equals(policy.getSpec())) {
      return applied;
    }
    // An apply leaves what only others have written, as a direction that was closed by being
    // absent.
    String replace =
        Serialization.asJson(
            List.of(Map.of("op", "replace", "path", "/spec", "value", policy.getSpec())));
    return client
        .resource(applied)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(Rouse.OPERATOR_MANAGER)
                .build(),
            replace);
  }

  /** By its label, or, where somebody took that away, by who once applied it. */
  private static boolean isOurs(NetworkPolicy found) {
    boolean labelled =
        found.getMetadata().getLabels() != null
            && found
                .getMetadata()
                .getLabels()
                .entrySet()
                .containsAll(SandboxPolicies.LABELS.entrySet());
    return labelled
        || found.getMetadata().getManagedFields().stream()
            .anyMatch(it -> Rouse.OPERATOR_MANAGER.equals(it.getManager()));
  }
}
