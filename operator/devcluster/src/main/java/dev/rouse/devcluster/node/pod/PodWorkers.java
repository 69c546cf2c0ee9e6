package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.kubelet.NodeView;
import dev.rouse.devcluster.node.process.ContainerMark;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All pods of the node: one watch, one worker each. */
public final class PodWorkers implements NodeView {

  private static final Logger LOG = LoggerFactory.getLogger(PodWorkers.class);

  /** Shorter than what whoever ends the node allows it: the last SIGKILL is the node's. */
  private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(3);

  private final NodeServices services;
  private final String notice;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private final AtomicBoolean noticeGiven = new AtomicBoolean();
  private final SharedIndexInformer<Pod> informer;

  /**
   * The pods of one node.
   *
   * @param notice what the first pod's event says about isolation
   */
  public PodWorkers(NodeServices services, String node, String notice) {
    this.services = services;
    this.notice = notice;
    informer =
        services
            .client()
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", node)
            .runnableInformer(0);
  }

  /** Takes over what earlier programs left, and follows the API server from then on. */
  public void start() throws IOException {
    for (String uid : PodDirectory.known(services.data())) {
      // Before any pod asks for an address: those in use must not be given twice.
      new PodDirectory(services.data(), uid)
          .address()
          .ifPresent(address -> services.addresses().restore(uid, address));
    }
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(new Follower());
    informer.start().toCompletableFuture().join();
    sweepOrphans();
  }

  /** Ends all workers, and their processes unless they are to stay. */
  public void close(boolean leavePods) throws InterruptedException {
    informer.stop();
    for (PodWorker worker : workers.values()) {
      if (leavePods) {
        worker.abandon();
      } else {
        Duration asked = Grace.of(worker.pod());
        worker.shutdown(asked.compareTo(SHUTDOWN_GRACE) < 0 ? asked : SHUTDOWN_GRACE);
      }
    }
    for (PodWorker worker : workers.values()) {
      if (!worker.join(SHUTDOWN_GRACE.multipliedBy(2))) {
        LOG.atWarn().addKeyValue("pod", worker.pod().getMetadata().getName()).log("did not end");
      }
    }
  }

  @Override
  public Optional<PodDirectory> directory(String namespace, String pod) {
    return workers.values().stream()
        .map(PodWorker::pod)
        .filter(candidate -> candidate.getMetadata().getNamespace().equals(namespace))
        .filter(candidate -> candidate.getMetadata().getName().equals(pod))
        .map(found -> new PodDirectory(services.data(), found.getMetadata().getUid()))
        .findFirst();
  }

  @Override
  public List<PodView> pods() {
    return workers.values().stream().map(PodWorkers::view).toList();
  }

  private static PodView view(PodWorker worker) {
    Pod pod = worker.pod();
    return new PodView(
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        worker.ip(),
        worker.pids().stream().map(pid -> new ContainerView(pid.container(), pid.pid())).toList());
  }

  private void seen(Pod pod) {
    String uid = pod.getMetadata().getUid();
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.update(pod);
      return;
    }
    PodWorker fresh = new PodWorker(services, pod);
    workers.put(uid, fresh);
    fresh.start();
    if (noticeGiven.compareAndSet(false, true)) {
      services
          .events()
          .warning(pod, "NotIsolated", "Starting", "Isolation on this node: " + notice);
    }
  }

  private void gone(Pod pod) {
    PodWorker worker = workers.remove(pod.getMetadata().getUid());
    if (worker != null) {
      worker.gone();
    }
  }

  /** Pods that were removed while no node program ran. */
  private void sweepOrphans() {
    Set<String> existing =
        informer.getStore().list().stream()
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    try {
      for (String uid : PodDirectory.known(services.data())) {
        if (!existing.contains(uid) && !workers.containsKey(uid)) {
          LOG.atInfo().addKeyValue("uid", uid).log("ending a pod that no longer exists");
          services.processes().sweep(ContainerMark.ofPod(uid));
          new PodDirectory(services.data(), uid).remove();
          services.addresses().free(uid);
        }
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("could not remove what former pods left");
    }
  }

  /** Turns the watch into workers. */
  private final class Follower implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      if (before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
        seen(after);
      } else {
        gone(before);
        seen(after);
      }
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      gone(pod);
    }
  }
}
