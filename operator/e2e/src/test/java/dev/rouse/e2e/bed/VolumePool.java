package dev.rouse.e2e.bed;

import dev.rouse.devcluster.file.Trees;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Volumes of type {@code local} on every node, made beforehand, as an administrator without a
 * provisioner makes them. A volume that is released is emptied and offered anew.
 *
 * <p>Not hostPath: a kubelet gives those to nobody's group, and what is not root cannot write.
 */
final class VolumePool implements AutoCloseable {

  /** Sessions keep theirs until they are deleted, and tests delete few. */
  private static final int EACH = 60;

  private static final String SMALL = "e2e-small";
  private static final String PLAIN = "e2e-local";
  private static final String SMALL_SIZE = "24Mi";

  private final KubernetesClient client;
  private final Map<String, NodeHost> nodes;
  private final SharedIndexInformer<PersistentVolume> volumes;

  private VolumePool(KubernetesClient client, Map<String, NodeHost> nodes) {
    this.client = client;
    this.nodes = Map.copyOf(nodes);
    this.volumes = client.persistentVolumes().runnableInformer(0);
  }

  static VolumePool start(KubernetesClient client, Map<String, NodeHost> nodes)
      throws IOException, InterruptedException {
    VolumePool pool = new VolumePool(client, nodes);
    for (NodeHost node : nodes.values()) {
      for (int number = 0; number < EACH; number++) {
        pool.offer(node, "plain-%02d".formatted(number), PLAIN, "20Gi");
      }
      pool.offer(node, "small-00", SMALL, SMALL_SIZE);
    }
    pool.volumes.exceptionHandler((started, failure) -> true);
    pool.volumes.addEventHandler(pool.new Released());
    pool.volumes.start().toCompletableFuture().join();
    return pool;
  }

  private void offer(NodeHost node, String name, String storageClass, String size)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(node.volumes().resolve(name));
    if (storageClass.equals(SMALL)) {
      Command.of(
              "mount",
              "-t",
              "tmpfs",
              "-o",
              "size=" + SMALL_SIZE.replace("Mi", "m"),
              "e2e",
              directory.toString())
          .run();
    }
    client.resource(volume(node.machine(), name, storageClass, size, directory)).create();
  }

  private static PersistentVolume volume(
      Machine machine, String name, String storageClass, String size, Path directory) {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(machine.name() + "-" + name)
        .endMetadata()
        .withNewSpec()
        .withStorageClassName(storageClass)
        .withAccessModes("ReadWriteOnce")
        .withPersistentVolumeReclaimPolicy("Retain")
        .addToCapacity("storage", new Quantity(size))
        .withNewLocal()
        .withPath(directory.toString())
        .endLocal()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey("kubernetes.io/hostname")
        .withOperator("In")
        .withValues(machine.name())
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }

  private final class Released implements ResourceEventHandler<PersistentVolume> {

    @Override
    public void onAdd(PersistentVolume volume) {}

    @Override
    public void onUpdate(PersistentVolume before, PersistentVolume after) {
      if ("Released".equals(after.getStatus().getPhase())
          && !"Released".equals(before.getStatus().getPhase())) {
        renew(after);
      }
    }

    @Override
    public void onDelete(PersistentVolume volume, boolean unknown) {}
  }

  /** The pod that used it is gone: a claim goes only after it. */
  private void renew(PersistentVolume volume) {
    try {
      Path directory = Path.of(volume.getSpec().getLocal().getPath());
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Trees.delete(file);
        }
      }
      // Whoever had it may have taken rights from everybody but its own group.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      client
          .persistentVolumes()
          .withName(volume.getMetadata().getName())
          .edit(released -> {
            released.getSpec().setClaimRef(null);
            return released;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    volumes.stop();
  }
}
