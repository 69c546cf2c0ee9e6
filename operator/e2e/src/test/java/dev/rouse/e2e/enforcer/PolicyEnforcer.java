package dev.rouse.e2e.enforcer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Keeps the table of every node as the policies want it, on watches.
 *
 * <p>When it has started, a table is loaded on each node, and from then on a pod whose rules are
 * not loaded yet reaches nobody. If a policy is not understood, or nft refuses what is loaded,
 * nothing passes any more on any node, and {@link #check} says why.
 */
public final class PolicyEnforcer implements AutoCloseable {

  private final List<EnforcedNode> nodes;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<Namespace> namespaces;
  private final SharedIndexInformer<NetworkPolicy> policies;
  private final Map<EnforcedNode, String> loaded = new HashMap<>();
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;
  private Optional<RuntimeException> failure = Optional.empty();

  private PolicyEnforcer(KubernetesClient client, List<EnforcedNode> nodes) {
    this.nodes = List.copyOf(nodes);
    this.pods = client.pods().inAnyNamespace().runnableInformer(0);
    this.namespaces = client.namespaces().runnableInformer(0);
    this.policies = client.network().v1().networkPolicies().inAnyNamespace().runnableInformer(0);
    this.thread = Thread.ofPlatform().daemon().name("policy-enforcer").unstarted(this::run);
  }

  /** Returns when the policies that are there are enforced on every node. */
  public static PolicyEnforcer start(KubernetesClient client, List<EnforcedNode> nodes) {
    PolicyEnforcer enforcer = new PolicyEnforcer(client, nodes);
    enforcer.follow(enforcer.pods);
    enforcer.follow(enforcer.namespaces);
    enforcer.follow(enforcer.policies);
    enforcer.enforce();
    enforcer.thread.start();
    return enforcer;
  }

  private <T extends HasMetadata> void follow(SharedIndexInformer<T> informer) {
    // An API server that is restarted is back in seconds: what is loaded holds meanwhile.
    informer.exceptionHandler((started, reason) -> true);
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            changes.release();
          }

          @Override
          public void onUpdate(T before, T after) {
            changes.release();
          }

          @Override
          public void onDelete(T object, boolean unknown) {
            changes.release();
          }
        });
    informer.start().toCompletableFuture().join();
  }

  private void run() {
    try {
      while (true) {
        changes.acquire();
        changes.drainPermits();
        enforce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loads what has changed. */
  private synchronized void enforce() {
    try {
      Map<EnforcedNode, String> wanted = wanted();
      wanted.forEach(this::load);
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      nodes.forEach(node -> load(node, Ruleset.closed(node)));
    }
  }

  private Map<EnforcedNode, String> wanted() {
    Scene scene =
        Scene.of(pods.getStore().list(), namespaces.getStore().list(), policies.getStore().list());
    Map<EnforcedNode, String> wanted = new HashMap<>();
    nodes.forEach(node -> wanted.put(node, Ruleset.of(node, scene)));
    return wanted;
  }

  private void load(EnforcedNode node, String table) {
    if (!table.equals(loaded.get(node))) {
      new KernelTable(node).load(table);
      loaded.put(node, table);
    }
  }

  /**
   * Makes sure that the kernel has on every node what the policies want now.
   *
   * @throws AssertionError if it has not, or once something was not understood
   */
  public synchronized void check() {
    enforce();
    failure.ifPresent(it -> {
      throw new AssertionError("policies are not enforced: " + it.getMessage(), it);
    });
    for (EnforcedNode node : nodes) {
      String kernel = KernelTable.normal(new KernelTable(node).read());
      String wanted = KernelTable.normal(loaded.getOrDefault(node, "nothing"));
      if (!kernel.equals(wanted)) {
        throw new AssertionError(
            "the kernel has another table on %s than the policies want:\n%s\nwanted:\n%s"
                .formatted(node.name(), kernel, wanted));
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    pods.stop();
    namespaces.stop();
    policies.stop();
  }
}
