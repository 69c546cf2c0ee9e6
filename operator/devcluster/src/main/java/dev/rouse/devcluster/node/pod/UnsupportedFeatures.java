package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.pod.PodFacts.Failure;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what a pod asks for and the dev node cannot do. Such a pod fails at once and says why. */
final class UnsupportedFeatures {

  private UnsupportedFeatures() {}

  static Optional<Failure> check(Pod pod) {
    List<String> found = new ArrayList<>();
    for (Container container : pod.getSpec().getInitContainers()) {
      if (container.getRestartPolicy() != null) {
        found.add(
            "init container \"%s\" has a restartPolicy (a sidecar)".formatted(container.getName()));
      }
    }
    for (Container container : pod.getSpec().getContainers()) {
      check(container, found);
    }
    pod.getSpec().getVolumes().stream()
        .filter(volume -> !supported(volume))
        .map(volume -> "volume \"%s\" is of an unknown type".formatted(volume.getName()))
        .forEach(found::add);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Failure(
                "UnsupportedByDevNode",
                "the dev node cannot run this pod: "
                    + String.join("; ", found)
                    + ". Use a real node for it."));
  }

  private static void check(Container container, List<String> found) {
    if (container.getLifecycle() != null && container.getLifecycle().getPostStart() != null) {
      found.add("container \"%s\" has a postStart hook".formatted(container.getName()));
    }
    if (container.getVolumeMounts().stream().anyMatch(mount -> mount.getSubPathExpr() != null)) {
      found.add("container \"%s\" mounts with a subPathExpr".formatted(container.getName()));
    }
    boolean grpc =
        Stream.of(
                container.getStartupProbe(),
                container.getReadinessProbe(),
                container.getLivenessProbe())
            .filter(Objects::nonNull)
            .map(Probe::getGrpc)
            .anyMatch(Objects::nonNull);
    if (grpc) {
      found.add("container \"%s\" has a gRPC probe".formatted(container.getName()));
    }
  }

  private static boolean supported(Volume volume) {
    return volume.getEmptyDir() != null
        || volume.getHostPath() != null
        || volume.getPersistentVolumeClaim() != null
        || volume.getSecret() != null
        || volume.getConfigMap() != null
        || volume.getDownwardAPI() != null
        || volume.getProjected() != null;
  }
}
