package dev.rouse.devcluster.demo;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a session from outside: its pods, their processes, and the files of its workspace. */
final class Sandbox {

  private final KubernetesClient client;
  private final String namespace;
  private final String sessionUid;
  private final Path nodeData;

  Sandbox(KubernetesClient client, String namespace, String sessionUid, Path nodeData) {
    this.client = client;
    this.namespace = namespace;
    this.sessionUid = sessionUid;
    this.nodeData = nodeData;
  }

  /** The session's pods: those that it owns. */
  List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod ->
            pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(sessionUid)))
        .toList();
  }

  /** The process of the session's running brain, where the dev node says it is. */
  Optional<Long> brainProcess() throws IOException {
    for (Pod pod : pods()) {
      if (pod.getMetadata().getName().contains("-brain-")
          && "Running".equals(pod.getStatus().getPhase())) {
        Path file =
            nodeData
                .resolve("pods")
                .resolve(pod.getMetadata().getUid())
                .resolve(pod.getSpec().getContainers().getFirst().getName())
                .resolve("pid");
        if (Files.exists(file)) {
          return Optional.of(Long.parseLong(Files.readString(file).strip()));
        }
      }
    }
    return Optional.empty();
  }

  /** A file of the workspace, wherever below the session's volume it is. */
  Optional<Path> file(String name) throws IOException {
    for (Path volume : volumes()) {
      try (Stream<Path> files = Files.walk(volume, 4)) {
        Optional<Path> found =
            files.filter(path -> path.getFileName().toString().equals(name)).findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private List<Path> volumes() {
    return client.persistentVolumeClaims().inNamespace(namespace).list().getItems().stream()
        .filter(claim ->
            claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(sessionUid)))
        .map(PersistentVolumeClaim::getSpec)
        .flatMap(spec -> Stream.ofNullable(spec.getVolumeName()))
        .flatMap(name -> Stream.ofNullable(client.persistentVolumes().withName(name).get()))
        .map(PersistentVolume::getSpec)
        .map(spec -> Path.of(spec.getHostPath().getPath()))
        .toList();
  }
}
