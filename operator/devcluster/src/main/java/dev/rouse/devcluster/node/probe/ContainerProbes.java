package dev.rouse.devcluster.node.probe;

import dev.rouse.devcluster.node.probe.ProbeCounter.Verdict;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Probes one running container until closed: startup first, then readiness and liveness together.
 *
 * <p>Until a startup or readiness probe first passes, it is also asked between its regular times,
 * every {@value #EAGER_MILLIS} ms for {@value #EAGER_SECONDS} s. Such extra looks count only if
 * they succeed. A pod thus becomes ready within a tenth of a second of being so, whatever its
 * period.
 */
public final class ContainerProbes implements AutoCloseable {

  private static final long EAGER_MILLIS = 100;
  private static final long EAGER_SECONDS = 15;
  private static final int DEFAULT_PERIOD_SECONDS = 10;

  private final Container container;
  private final Asker asker;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean ready;
  private volatile @Nullable String unhealthy;

  /** Probes that begin with {@link #start}. */
  public ContainerProbes(Container container, Asker asker, Listener listener) {
    this.container = container;
    this.asker = asker;
    this.listener = listener;
  }

  /** Starts the probes' threads. */
  public ContainerProbes start() {
    if (container.getStartupProbe() == null) {
      started();
    } else {
      run(Kind.STARTUP, container.getStartupProbe(), true);
    }
    return this;
  }

  /** Whether the startup probe passed, or there is none. */
  public boolean hasStarted() {
    return started;
  }

  /** Whether the container is started and its readiness probe passes, or there is none. */
  public boolean isReady() {
    return ready;
  }

  /** Why the container is to be ended and started again, if it is. */
  public Optional<String> unhealthy() {
    return Optional.ofNullable(unhealthy);
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void started() {
    started = true;
    if (container.getReadinessProbe() == null) {
      ready = true;
    } else {
      run(Kind.READINESS, container.getReadinessProbe(), true);
    }
    if (container.getLivenessProbe() != null) {
      run(Kind.LIVENESS, container.getLivenessProbe(), false);
    }
  }

  private void run(Kind kind, Probe probe, boolean eager) {
    Thread.ofVirtual()
        .name("probe-" + kind + "-" + container.getName())
        .start(() -> loop(kind, probe, eager));
  }

  private void loop(Kind kind, Probe probe, boolean eager) {
    Duration period = seconds(probe.getPeriodSeconds(), DEFAULT_PERIOD_SECONDS);
    ProbeCounter counter = new ProbeCounter(probe);
    boolean stillEager = eager;
    long eagerUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(EAGER_SECONDS);
    boolean over = pause(seconds(probe.getInitialDelaySeconds(), 0));
    while (!over) {
      ProbeResult result = ask(probe);
      over = apply(kind, counter.count(result), result) || closed.getCount() == 0;
      stillEager =
          stillEager && result instanceof ProbeResult.Failure && System.nanoTime() < eagerUntil;
      if (!over) {
        over = stillEager ? eagerPause(kind, probe, period) : pause(period);
      }
    }
  }

  /** Waits one period, looking in between; a success found there ends the wait. */
  private boolean eagerPause(Kind kind, Probe probe, Duration period) {
    long until = System.nanoTime() + period.toNanos();
    boolean singleSuccessCounts = Optional.ofNullable(probe.getSuccessThreshold()).orElse(1) == 1;
    while (System.nanoTime() < until) {
      if (pause(Duration.ofMillis(EAGER_MILLIS))) {
        return true;
      }
      ProbeResult result = ask(probe);
      if (result instanceof ProbeResult.Success && singleSuccessCounts) {
        return apply(kind, Verdict.PASSED, result) || pause(period);
      }
    }
    return false;
  }

  private ProbeResult ask(Probe probe) {
    try {
      return asker.ask(probe);
    } catch (RuntimeException e) {
      return new ProbeResult.Failure(String.valueOf(e.getMessage()));
    }
  }

  /** Takes a verdict over; true if this probe has no more to say. */
  private boolean apply(Kind kind, Verdict verdict, ProbeResult result) {
    if (closed.getCount() == 0) {
      return true;
    }
    if (result instanceof ProbeResult.Failure failure && verdict == Verdict.FAILED) {
      listener.failed(kind, failure.message());
    }
    return switch (kind) {
      case STARTUP -> applyStartup(verdict);
      case READINESS -> applyReadiness(verdict);
      case LIVENESS -> applyLiveness(kind, verdict);
    };
  }

  private boolean applyStartup(Verdict verdict) {
    return switch (verdict) {
      case UNDECIDED -> false;
      case PASSED -> {
        started();
        listener.changed();
        yield true;
      }
      case FAILED -> applyLiveness(Kind.STARTUP, verdict);
    };
  }

  private boolean applyReadiness(Verdict verdict) {
    boolean next =
        switch (verdict) {
          case UNDECIDED -> ready;
          case PASSED -> true;
          case FAILED -> false;
        };
    if (next != ready) {
      ready = next;
      listener.changed();
    }
    return false;
  }

  private boolean applyLiveness(Kind kind, Verdict verdict) {
    if (verdict != Verdict.FAILED) {
      return false;
    }
    unhealthy =
        "Container %s failed %s probe, will be restarted"
            .formatted(container.getName(), kind.name().toLowerCase(Locale.ROOT));
    listener.changed();
    return true;
  }

  /** Waits; true if closed meanwhile. */
  private boolean pause(Duration duration) {
    try {
      return closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static Duration seconds(@Nullable Integer value, int fallback) {
    return Duration.ofSeconds(value == null ? fallback : value);
  }

  /** What a probe is for. */
  public enum Kind {
    STARTUP,
    READINESS,
    LIVENESS
  }

  /** Carries one probe out. */
  @FunctionalInterface
  public interface Asker {
    ProbeResult ask(Probe probe);
  }

  /** Is told what probes find, on their threads. */
  public interface Listener {
    /** Something the container's status shows is different now. */
    void changed();

    /** A probe has failed as often as its threshold says. */
    void failed(Kind kind, String message);
  }
}
