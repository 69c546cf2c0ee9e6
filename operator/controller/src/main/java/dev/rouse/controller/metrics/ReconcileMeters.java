package dev.rouse.controller.metrics;

import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Meters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the framework does, by controller and never by resource: the framework's own metrics
 * name each resource.
 */
public final class ReconcileMeters implements Metrics {

  private static final String SESSIONS = "session";

  private final Meters meters;
  private final Stopwatch watch;
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  /**
   * Counts into {@code meters}.
   *
   * @param watch told of changes of sessions, and of those that are gone
   */
  public ReconcileMeters(Meters meters, Stopwatch watch) {
    this.meters = meters;
    this.watch = watch;
    meters.gauge(
        "rouse.reconciliations.waiting",
        "Resources that are to be looked at and wait for a thread",
        this,
        it -> Math.max(0, it.submitted.get() - it.running.get()));
    meters.gauge(
        "rouse.reconciliations.running", "Resources that are looked at", running, it -> it.get());
  }

  /** So that the first failure is seen as a rise. */
  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    looks(controller.getConfiguration().getName(), "error");
  }

  @Override
  public void reconcileCustomResource(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    submitted.incrementAndGet();
    if (isOfSessions(metadata)) {
      watch.changed(ResourceID.fromResource(resource));
    }
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    submitted.decrementAndGet();
  }

  @Override
  public void cleanupDoneFor(ResourceID resource, Map<String, Object> metadata) {
    if (isOfSessions(metadata)) {
      watch.forget(resource);
    }
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    running.incrementAndGet();
    long start = System.nanoTime();
    boolean ended = false;
    try {
      T result = execution.execute();
      ended = true;
      return result;
    } finally {
      running.decrementAndGet();
      note(execution.controllerName(), ended, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void note(String controller, boolean ended, Duration took) {
    looks(controller, ended ? "ok" : "error").increment();
    meters
        .timer(
            "rouse.reconciliation",
            "Time of a look at a resource and of what was done about it",
            Buckets.CALL,
            "controller",
            controller)
        .record(took);
  }

  private Counter looks(String controller, String outcome) {
    return meters.counter(
        "rouse.reconciliations",
        "Looks at resources, by how they ended; those that failed are repeated",
        "controller",
        controller,
        "outcome",
        outcome);
  }

  private static boolean isOfSessions(Map<String, Object> metadata) {
    return SESSIONS.equals(metadata.get(Constants.CONTROLLER_NAME));
  }
}
