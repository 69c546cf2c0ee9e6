package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.probe.ContainerProbes;
import dev.rouse.devcluster.node.probe.ProbeResult;
import dev.rouse.devcluster.node.probe.ProcessCommands;
import dev.rouse.devcluster.node.process.ContainerProcess;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A container whose process lives: its probes and, when its time has come, its orderly end. */
final class RunningContainer {

  private final Container container;
  private final PodContext context;
  private final ContainerProcess process;
  private final ContainerProbes probes;
  private @Nullable Instant killAt;
  private final List<CompletableFuture<Void>> wakers;
  private boolean killed;

  RunningContainer(Container container, PodContext context, ContainerProcess process) {
    this.container = container;
    this.context = context;
    this.process = process;
    this.probes = new ContainerProbes(container, this::ask, new ProbeEvents()).start();
    CompletableFuture<Void> onStart = process.started().thenRun(context.wake());
    CompletableFuture<Void> onEnd =
        process.exit().handle((exit, failure) -> true).thenRun(context.wake());
    wakers = List.of(onStart, onEnd);
  }

  ContainerProcess process() {
    return process;
  }

  ContainerProbes probes() {
    return probes;
  }

  boolean stopping() {
    return killAt != null;
  }

  /**
   * Ends the container: its hook, SIGTERM, and SIGKILL when the grace is over. May be called again
   * with less grace.
   */
  void stop(Duration grace, Instant now) {
    Instant deadline = now.plus(grace);
    if (killAt == null) {
      killAt = deadline;
      probes.close();
      Thread.ofVirtual().name("stop-" + container.getName()).start(() -> askToEnd(grace));
    } else if (deadline.isBefore(killAt)) {
      killAt = deadline;
    }
  }

  /** Does what is due now; gives the time when to look again. */
  Optional<Instant> step(Instant now) {
    if (killAt == null || killed) {
      return Optional.empty();
    }
    if (now.isBefore(killAt)) {
      return Optional.of(killAt);
    }
    killed = true;
    process.kill();
    return Optional.empty();
  }

  void close() {
    probes.close();
    wakers.forEach(waker -> waker.cancel(false));
  }

  private void askToEnd(Duration grace) {
    if (container.getLifecycle() != null && container.getLifecycle().getPreStop() != null) {
      ProbeResult result = preStop(container.getLifecycle().getPreStop(), grace);
      if (result instanceof ProbeResult.Failure failure) {
        context.warning("FailedPreStopHook", "Killing", failure.message());
      }
    }
    process.terminate();
  }

  private ProbeResult preStop(LifecycleHandler hook, Duration grace) {
    if (hook.getSleep() != null) {
      Duration pause = Duration.ofSeconds(hook.getSleep().getSeconds());
      // Over when the container ends or the time is up, whichever comes first.
      process
          .exit()
          .copy()
          .completeOnTimeout(
              null, Math.min(pause.toMillis(), grace.toMillis()), TimeUnit.MILLISECONDS)
          .handle((exit, failure) -> true)
          .join();
      return new ProbeResult.Success();
    }
    Probe asProbe =
        new ProbeBuilder()
            .withExec(hook.getExec())
            .withHttpGet(hook.getHttpGet())
            .withTcpSocket(hook.getTcpSocket())
            .withTimeoutSeconds(Math.toIntExact(Math.max(1, grace.toSeconds())))
            .build();
    return ask(asProbe);
  }

  private ProbeResult ask(Probe probe) {
    return context
        .services()
        .prober()
        .probe(
            probe,
            container,
            context.ip().get(),
            new ProcessCommands(context.services().processes(), process));
  }

  /** Passes on what probes find. */
  private final class ProbeEvents implements ContainerProbes.Listener {
    @Override
    public void changed() {
      context.wake().run();
    }

    @Override
    public void failed(ContainerProbes.Kind kind, String message) {
      context.warning(
          "Unhealthy",
          "Probing",
          "%s probe of container %s failed: %s".formatted(kind, container.getName(), message));
    }
  }
}
