package dev.rouse.devcluster.storage;

import dev.rouse.devcluster.file.Trees;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a directory and a PersistentVolume for each claim of the class {@code rouse-dev} whose pod
 * has been given a node, and removes both when the claim is gone.
 *
 * <p>One pass looks at everything and does what is due, whatever woke it; so a restart, a missed
 * event or a crash between two steps needs no care of its own. The directory is made before its
 * volume and removed before it; what a crash in between leaves is a directory without a volume,
 * which a pass removes when its claim is gone too.
 */
public final class Provisioner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Provisioner.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final String PREFIX = "pvc-";

  private final KubernetesClient client;
  private final Path data;
  private final SharedIndexInformer<PersistentVolumeClaim> claims;
  private final SharedIndexInformer<PersistentVolume> volumes;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;

  /**
   * A provisioner.
   *
   * @param data where the directories lie; made if missing
   */
  public Provisioner(KubernetesClient client, Path data) throws IOException {
    this.client = client;
    this.data = Files.createDirectories(data).toRealPath();
    claims = client.persistentVolumeClaims().inAnyNamespace().runnableInformer(0);
    volumes = client.persistentVolumes().runnableInformer(0);
    thread = Thread.ofVirtual().name("provisioner").unstarted(this::run);
  }

  /** Begins to work once both kinds have been listed. */
  public void start() {
    follow(claims);
    follow(volumes);
    wakes.release();
    thread.start();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    claims.stop();
    volumes.stop();
  }

  private <T extends HasMetadata> void follow(SharedIndexInformer<T> informer) {
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(new Waker<>());
    informer.start().toCompletableFuture().join();
  }

  private void run() {
    try {
      while (true) {
        wakes.acquire();
        wakes.drainPermits();
        while (!passed()) {
          // Nothing announces that the API server or the disk is well again.
          var unused = wakes.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean passed() {
    try {
      pass();
      return true;
    } catch (IOException | KubernetesClientException e) {
      LOG.atWarn().setCause(e).log("a pass failed, trying again");
      return false;
    }
  }

  private void pass() throws IOException {
    for (PersistentVolumeClaim claim : claims.getStore().list()) {
      Optional<PersistentVolume> wanted = ProvisioningRule.volumeFor(claim, data);
      if (wanted.isPresent() && !exists(wanted.get())) {
        provision(wanted.get());
      }
    }
    for (PersistentVolume volume : volumes.getStore().list()) {
      if (ProvisioningRule.released(volume)) {
        remove(volume);
      }
    }
    removeOrphans();
  }

  private boolean exists(PersistentVolume volume) {
    return volumes.getStore().list().stream()
        .anyMatch(other -> other.getMetadata().getName().equals(volume.getMetadata().getName()));
  }

  private void provision(PersistentVolume volume) throws IOException {
    Files.createDirectories(data.resolve(volume.getMetadata().getName()));
    try {
      PersistentVolume made = client.resource(volume).create();
      LOG.atInfo().addKeyValue("volume", made.getMetadata().getName()).log("volume made");
    } catch (KubernetesClientException e) {
      // Made before, the watch is only late: the name holds the claim's UID.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void remove(PersistentVolume volume) throws IOException {
    String name = volume.getMetadata().getName();
    Path directory = data.resolve(name).normalize();
    if (!data.equals(directory.getParent()) || !name.startsWith(PREFIX)) {
      LOG.atWarn().addKeyValue("volume", name).log("not a volume of this directory: left alone");
      return;
    }
    Trees.delete(directory);
    if (volume.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    List<StatusDetails> removed = client.persistentVolumes().withName(name).delete();
    LOG.atInfo().addKeyValue("volume", name).addKeyValue("objects", removed.size()).log("removed");
  }

  /** A directory stays while its volume or its claim, named by UID, exists. */
  private void removeOrphans() throws IOException {
    Set<String> wanted = new HashSet<>();
    claims.getStore().list().forEach(claim -> wanted.add(ProvisioningRule.volumeName(claim)));
    volumes.getStore().list().forEach(volume -> wanted.add(volume.getMetadata().getName()));
    try (Stream<Path> entries = Files.list(data)) {
      for (Path directory : entries.toList()) {
        String name = directory.getFileName().toString();
        if (name.startsWith(PREFIX) && !wanted.contains(name)) {
          LOG.atInfo().addKeyValue("volume", name).log("removing a directory without a volume");
          Trees.delete(directory);
        }
      }
    }
  }

  /** Any change means: look again. */
  private final class Waker<T> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      wakes.release();
    }

    @Override
    public void onUpdate(T before, T after) {
      wakes.release();
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      wakes.release();
    }
  }
}
