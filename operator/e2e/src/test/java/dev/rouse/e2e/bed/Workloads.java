package dev.rouse.e2e.bed;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** All that runs in a cluster that is about to end. */
record Workloads(KubernetesClient client) {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Removes all pods and what would make new ones. What does not go in time is ended otherwise. */
  void remove() {
    try {
      client.apps().deployments().inAnyNamespace().delete();
      client.apps().statefulSets().inAnyNamespace().delete();
      client.batch().v1().jobs().inAnyNamespace().delete();
      Awaitility.await("all pods are gone")
          .atMost(LONGEST)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> {
            client.pods().inAnyNamespace().withGracePeriod(1).delete();
            return client.pods().inAnyNamespace().list().getItems().isEmpty();
          });
    } catch (KubernetesClientException | ConditionTimeoutException e) {
      System.out.println("not all pods went by themselves: " + e.getMessage());
    }
  }
}
