package dev.rouse.devcluster.node.kubelet;

import dev.rouse.devcluster.node.pod.PodDirectory;
import java.util.List;
import java.util.Optional;

/** What the endpoint shows of the node. */
public interface NodeView {

  /** The files of a pod of this node. */
  Optional<PodDirectory> directory(String namespace, String pod);

  /** The pods of this node. */
  List<PodView> pods();

  /**
   * A pod, for people and tests that want to reach its processes.
   *
   * @param ip its loopback address; empty before it has one
   */
  record PodView(
      String namespace, String pod, String uid, String ip, List<ContainerView> containers) {}

  /**
   * A running container.
   *
   * @param pid the number of its main process on the host
   */
  record ContainerView(String name, long pid) {}
}
