package dev.rouse.devcluster.node.cluster;

import dev.rouse.devcluster.node.volume.Claims;
import dev.rouse.devcluster.node.volume.VolumeException;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the directory of a claim through the PersistentVolume it is bound to. */
public record BoundClaims(KubernetesClient client, String namespace) implements Claims {

  @Override
  public Path directory(String claimName) throws VolumeException {
    try {
      PersistentVolumeClaim claim =
          client.persistentVolumeClaims().inNamespace(namespace).withName(claimName).get();
      if (claim == null) {
        throw failure(claimName, "not found");
      }
      if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
        throw failure(claimName, "is not bound to a volume yet");
      }
      String volumeName = claim.getSpec().getVolumeName();
      PersistentVolume volume = client.persistentVolumes().withName(volumeName).get();
      if (volume == null) {
        throw failure(claimName, "is bound to volume \"%s\", which is gone".formatted(volumeName));
      }
      Path directory =
          path(volume)
              .orElseThrow(() ->
                  failure(
                      claimName,
                      "is bound to volume \"%s\", which is no directory: the dev node mounts only hostPath and local volumes"
                          .formatted(volumeName)));
      if (!Files.isDirectory(directory)) {
        throw failure(claimName, "lies at %s, which does not exist".formatted(directory));
      }
      return directory;
    } catch (KubernetesClientException e) {
      throw new VolumeException(
          "cannot read claim \"%s\": %s".formatted(claimName, e.getMessage()), e);
    }
  }

  private static Optional<Path> path(PersistentVolume volume) {
    if (volume.getSpec().getHostPath() != null) {
      return Optional.of(Path.of(volume.getSpec().getHostPath().getPath()));
    }
    if (volume.getSpec().getLocal() != null) {
      return Optional.of(Path.of(volume.getSpec().getLocal().getPath()));
    }
    return Optional.empty();
  }

  private static VolumeException failure(String claim, String message) {
    return new VolumeException("persistentvolumeclaim \"%s\" %s".formatted(claim, message), null);
  }
}
