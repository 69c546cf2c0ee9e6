package dev.rouse.e2e.node;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.cluster.SessionView;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of one of the release's programs.
 *
 * @param part {@code operator} or {@code server}
 */
record ReleasePods(Release release, String part) {

  private static final String DEPLOYMENT = "rouse-";

  List<Pod> all() {
    return release
        .bed()
        .client()
        .pods()
        .inNamespace(Release.NAMESPACE)
        .withLabelSelector(
            release
                .bed()
                .client()
                .apps()
                .deployments()
                .inNamespace(Release.NAMESPACE)
                .withName(DEPLOYMENT + part)
                .require()
                .getSpec()
                .getSelector())
        .list()
        .getItems();
  }

  /** Their containers, of those that run. */
  List<PodContainer> running() throws IOException, InterruptedException {
    List<PodContainer> containers = new ArrayList<>();
    for (Pod pod : all()) {
      PodContainer.of(release.bed(), pod).ifPresent(containers::add);
    }
    return containers;
  }

  /** Waits until as many are ready as are wanted. */
  void awaitReady() {
    await("every " + part + " is ready")
        .atMost(SessionView.PATIENCE)
        .until(() -> {
          var deployment =
              release
                  .bed()
                  .client()
                  .apps()
                  .deployments()
                  .inNamespace(Release.NAMESPACE)
                  .withName(DEPLOYMENT + part)
                  .require();
          return deployment
              .getSpec()
              .getReplicas()
              .equals(deployment.getStatus().getReadyReplicas());
        });
  }
}
