package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.cluster.BoundClaims;
import dev.rouse.devcluster.node.cluster.ObjectReferences;
import dev.rouse.devcluster.node.container.DownwardApi;
import dev.rouse.devcluster.node.pod.PodFacts.Failure;
import dev.rouse.devcluster.node.process.ContainerMark;
import dev.rouse.devcluster.node.volume.PodVolumes;
import dev.rouse.devcluster.node.volume.VolumeException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one pod, on a thread of its own: it looks at what is wanted and what is, does what is due,
 * writes the status if it changed, and sleeps until woken or something falls due. Nothing depends
 * on which event woke it.
 */
public final class PodWorker {

  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final NodeServices services;
  private final PodDirectory directory;
  private final ObjectReferences references;
  private final PodVolumes volumes;
  private final PodContainers containers;
  private final StatusWriter statusWriter;
  private final Thread thread;
  private final Semaphore wakes = new Semaphore(0);
  private final AtomicBoolean referencesChanged = new AtomicBoolean(true);
  private final Instant startTime;
  private volatile Pod pod;
  private volatile boolean gone;
  private volatile @Nullable Duration shutdownGrace;
  private volatile boolean abandoned;
  private volatile String ip = "";
  private boolean volumesReady;
  private int failedTries;
  private int failedMounts;
  private @Nullable Failure failure;

  /** A worker for a pod bound to this node; {@link #start} lets it begin. */
  public PodWorker(NodeServices services, Pod pod) {
    this.services = services;
    this.pod = pod;
    String uid = pod.getMetadata().getUid();
    String namespace = pod.getMetadata().getNamespace();
    directory = new PodDirectory(services.data(), uid);
    references = new ObjectReferences(services.client(), namespace, this::referencesChanged);
    volumes =
        new PodVolumes(
            directory.volumes(),
            references,
            (audience, seconds) -> services.api().requestToken(this.pod, audience, seconds),
            new BoundClaims(services.client(), namespace),
            services.clock());
    PodContext context =
        new PodContext(
            services, directory, volumes, references, () -> this.pod, () -> ip, this::wake);
    containers = new PodContainers(pod, context);
    statusWriter = new StatusWriter(services.api());
    startTime =
        Optional.ofNullable(pod.getStatus())
            .map(PodStatus::getStartTime)
            .map(Instant::parse)
            .orElseGet(() -> services.clock().instant().truncatedTo(ChronoUnit.SECONDS));
    thread = Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** The pod as the API server has it now. */
  public void update(Pod latest) {
    Pod before = pod;
    take(latest);
    boolean describesOtherwise =
        !Objects.equals(before.getMetadata().getLabels(), latest.getMetadata().getLabels())
            || !Objects.equals(
                before.getMetadata().getAnnotations(), latest.getMetadata().getAnnotations());
    if (describesOtherwise) {
      referencesChanged();
    } else {
      wake();
    }
  }

  /** The object is gone: whatever is left of the pod goes at once. */
  public void gone() {
    gone = true;
    wake();
  }

  /** Ends the processes and then the worker; the object stays. */
  public void shutdown(Duration grace) {
    shutdownGrace = grace;
    wake();
  }

  /** Ends the worker and leaves the processes to the next node program. */
  public void abandon() {
    abandoned = true;
    wake();
  }

  /** Waits for the worker to end. */
  public boolean join(Duration timeout) throws InterruptedException {
    return thread.join(timeout);
  }

  public Pod pod() {
    return pod;
  }

  /** The main processes that run now, by container. */
  public List<PodContainers.Pid> pids() {
    return containers.pids();
  }

  public String ip() {
    return ip;
  }

  private void wake() {
    wakes.release();
  }

  private void referencesChanged() {
    referencesChanged.set(true);
    wake();
  }

  private void run() {
    try {
      recover();
      while (!abandoned) {
        Optional<Instant> next = stepSafely();
        if (next.isEmpty()) {
          break;
        }
        Duration pause = Duration.between(services.clock().instant(), next.get());
        if (pause.isPositive()) {
          Duration capped = pause.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : pause;
          var unused = wakes.tryAcquire(capped.toNanos(), TimeUnit.NANOSECONDS);
        }
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.atError().addKeyValue("pod", name()).setCause(e).log("cannot read a pod's directory");
    } finally {
      containers.release();
      references.close();
    }
  }

  private void recover() throws IOException {
    Optional<String> address = directory.address();
    if (address.isPresent()) {
      ip = address.get();
      services.addresses().restore(directory.uid(), ip);
    }
    containers.recover();
  }

  /** One step; empty when there is nothing more to do, ever. */
  private Optional<Instant> stepSafely() {
    try {
      Optional<Instant> next = step();
      failedTries = 0;
      return next;
    } catch (RuntimeException | IOException e) {
      failedTries++;
      LOG.atWarn().addKeyValue("pod", name()).setCause(e).log("a step of a pod failed");
      return Optional.of(in(BackOff.PREPARATION.delay(failedTries)));
    }
  }

  private Optional<Instant> step() throws IOException {
    Duration shutdown = shutdownGrace;
    if (gone || shutdown != null) {
      Optional<Instant> next = containers.end(gone || shutdown == null ? Duration.ZERO : shutdown);
      if (next.isPresent()) {
        return next;
      }
      if (gone) {
        cleanUp();
      }
      return Optional.empty();
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return delete();
    }
    if (failure == null && !over()) {
      failure = UnsupportedFeatures.check(pod).or(this::pastDeadline).orElse(null);
      if (failure != null) {
        services.events().warning(pod, "Failed", "Admitting", failure.message());
      }
    }
    Optional<Instant> next = failure == null && !over() ? advance() : containers.end(Grace.of(pod));
    publish(false);
    return Optional.of(next.orElseGet(() -> in(LONGEST_SLEEP)));
  }

  private Optional<Instant> advance() throws IOException {
    if (ip.isEmpty()) {
      ip = address();
    }
    Optional<Instant> volumesNext = setUpVolumes();
    if (!volumesReady) {
      return earliest(volumesNext, containers.observe());
    }
    return earliest(earliest(volumesNext, containers.advance()), deadline());
  }

  private String address() throws IOException {
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return "127.0.0.1";
    }
    String address = services.addresses().take(directory.uid());
    directory.writeAddress(address);
    return address;
  }

  /** Makes the volumes, and refreshes them when what they show changed or a token ages. */
  private Optional<Instant> setUpVolumes() {
    Instant now = services.clock().instant();
    boolean due = volumes.renewAt().filter(at -> !at.isAfter(now)).isPresent();
    if (referencesChanged.getAndSet(false)) {
      containers.tryNow();
      due = true;
    }
    if (due || !volumesReady) {
      try {
        volumes.setUp(new DownwardApi(pod, ip));
        volumesReady = true;
        failedMounts = 0;
      } catch (VolumeException e) {
        services.events().warning(pod, "FailedMount", "Mounting", String.valueOf(e.getMessage()));
        failedMounts++;
        referencesChanged.set(true);
        return Optional.of(in(BackOff.PREPARATION.delay(failedMounts)));
      }
    }
    return volumes.renewAt();
  }

  private Optional<Instant> delete() throws IOException {
    Optional<Instant> next = containers.end(Grace.of(pod));
    if (next.isPresent()) {
      publish(true);
      return next;
    }
    publish(true);
    services.processes().sweep(ContainerMark.ofPod(directory.uid()));
    references.close();
    volumes.remove();
    services.api().remove(pod);
    // The logs stay until the watch confirms that the object is gone.
    return Optional.of(in(LONGEST_SLEEP));
  }

  private void cleanUp() throws IOException {
    services.processes().sweep(ContainerMark.ofPod(directory.uid()));
    references.close();
    directory.remove();
    services.addresses().free(directory.uid());
  }

  private void publish(boolean ending) {
    List<ContainerFacts> init = containers.initFacts(ending || failure != null);
    List<ContainerFacts> main = containers.mainFacts(ending || failure != null);
    PodFacts facts = new PodFacts(ip, startTime, init, main, failure, ending);
    statusWriter
        .write(pod, PodStatusComputer.compute(pod, facts, services.clock().instant()))
        .ifPresent(this::take);
  }

  /** The watch and answers to writes overtake each other; the newer object stays. */
  private synchronized void take(Pod other) {
    if (version(other) > version(pod)) {
      pod = other;
    }
  }

  private static long version(Pod pod) {
    return Long.parseLong(pod.getMetadata().getResourceVersion());
  }

  private boolean over() {
    return PhaseRule.terminal(Optional.ofNullable(pod.getStatus()).map(PodStatus::getPhase));
  }

  private Optional<Failure> pastDeadline() {
    return deadline()
        .filter(at -> !at.isAfter(services.clock().instant()))
        .map(at -> new Failure("DeadlineExceeded", "Pod was active longer than its deadline"));
  }

  private Optional<Instant> deadline() {
    return Optional.ofNullable(pod.getSpec().getActiveDeadlineSeconds())
        .map(startTime::plusSeconds);
  }

  private Instant in(Duration duration) {
    return services.clock().instant().plus(duration);
  }

  private String name() {
    return pod.getMetadata().getName();
  }

  static Optional<Instant> earliest(Optional<Instant> one, Optional<Instant> other) {
    List<Instant> both = new ArrayList<>();
    one.ifPresent(both::add);
    other.ifPresent(both::add);
    return both.stream().min(Instant::compareTo);
  }
}
