package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.container.DownwardApi;
import dev.rouse.devcluster.node.container.References;
import dev.rouse.devcluster.node.volume.PodVolumes;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.function.Supplier;

/**
 * What the containers of one pod share.
 *
 * @param pod the pod as last seen
 * @param ip its address; empty before it has one
 * @param wake makes the pod look at its containers again, from any thread
 */
record PodContext(
    NodeServices services,
    PodDirectory directory,
    PodVolumes volumes,
    References references,
    Supplier<Pod> pod,
    Supplier<String> ip,
    Runnable wake) {

  DownwardApi downwardApi() {
    return new DownwardApi(pod.get(), ip.get());
  }

  void normal(String reason, String action, String note) {
    services.events().normal(pod.get(), reason, action, note);
  }

  void warning(String reason, String action, String note) {
    services.events().warning(pod.get(), reason, action, note);
  }
}
