package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.node.container.ContainerStartException;
import dev.rouse.devcluster.node.container.MountRewriter.Place;
import dev.rouse.devcluster.node.container.StartFailure;
import dev.rouse.devcluster.node.pod.ContainerState.Running;
import dev.rouse.devcluster.node.pod.ContainerState.Terminated;
import dev.rouse.devcluster.node.pod.ContainerState.Waiting;
import dev.rouse.devcluster.node.process.AttemptDirectory;
import dev.rouse.devcluster.node.process.ContainerMark;
import dev.rouse.devcluster.node.process.ContainerProcess;
import dev.rouse.devcluster.node.process.Exit;
import dev.rouse.devcluster.node.process.Launch;
import dev.rouse.devcluster.node.process.SearchPath;
import dev.rouse.devcluster.node.volume.VolumeException;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container of a pod through all its attempts. {@link #step} does what is due; everything runs
 * on the pod's own thread.
 */
final class ContainerSlot {

  private static final Logger LOG = LoggerFactory.getLogger(ContainerSlot.class);

  private final Container container;
  private final boolean init;
  private final RestartPolicy policy;
  private final PodContext context;
  private State state = new NotStarted(null, Instant.EPOCH, 0);
  private int attempt = -1;
  private int ends;
  private @Nullable Terminated last;

  ContainerSlot(Container container, boolean init, PodContext context) {
    this.container = container;
    this.init = init;
    this.policy = RestartPolicy.of(context.pod().get());
    this.context = context;
  }

  /** What the slot is at; its start, its life, its end. */
  private sealed interface State {}

  private record NotStarted(@Nullable Waiting why, Instant tryAt, int tries) implements State {}

  private record Live(RunningContainer running) implements State {}

  private record Over(Terminated how, Instant restartAt) implements State {}

  /** Takes over what an earlier node program left. */
  void recover() throws IOException {
    String name = container.getName();
    int found = context.directory().lastAttempt(name);
    while (found >= 0 && !adopt(found)) {
      // Never came to a start: the same number is used again.
      Trees.delete(context.directory().attempt(name, found).path());
      found--;
    }
    if (found < 0) {
      LostContainer.of(context.pod().get(), container, init, now())
          .ifPresent(lost -> {
            attempt = lost.attempt();
            ends = lost.attempt() + 1;
            state = new Over(lost.how(), now());
          });
    }
  }

  /** Does what is due, starting the container if need be; gives the time when to look again. */
  Optional<Instant> step() {
    Instant now = now();
    return switch (state) {
      case NotStarted waiting ->
          now.isBefore(waiting.tryAt())
              ? Optional.of(waiting.tryAt())
              : start(now, waiting.tries());
      case Live(RunningContainer running) -> stepLive(running, now);
      case Over(Terminated how, Instant restartAt) -> {
        if (!policy.restarts(how.succeeded(), init)) {
          yield Optional.empty();
        }
        yield now.isBefore(restartAt) ? Optional.of(restartAt) : start(now, 0);
      }
    };
  }

  /** Like {@link #step}, but starts nothing: for a pod that ends. */
  Optional<Instant> stepWithoutStart() {
    return state instanceof Live(RunningContainer running)
        ? stepLive(running, now())
        : Optional.empty();
  }

  /** Something it waits for may be there now. */
  void tryNow() {
    if (state instanceof NotStarted(Waiting why, Instant tryAt, int tries)) {
      state = new NotStarted(why, Instant.EPOCH, tries);
    }
  }

  void stop(Duration grace) {
    if (state instanceof Live(RunningContainer running)) {
      if (!running.stopping()) {
        context.normal("Killing", "Killing", "Stopping container " + container.getName());
      }
      running.stop(grace, now());
    }
  }

  boolean live() {
    return state instanceof Live;
  }

  /** Ended for good, with success. */
  boolean succeeded() {
    return state instanceof Over over && over.how().succeeded();
  }

  Optional<Long> pid() {
    return state instanceof Live(RunningContainer running)
        ? running.process().main().map(id -> id.pid())
        : Optional.empty();
  }

  /** Stops watching, leaving the process alone. */
  void release() {
    if (state instanceof Live(RunningContainer running)) {
      running.close();
    }
  }

  /**
   * What is known now.
   *
   * @param ending whether nothing will start again, so that nothing is backing off
   */
  ContainerFacts facts(String waitingReason, boolean ending) {
    return switch (state) {
      case NotStarted(Waiting why, Instant tryAt, int tries) ->
          facts(why == null ? new Waiting(waitingReason, "") : why, last, false, false);
      case Live(RunningContainer running) ->
          facts(
              new Running(running.process().startedAt()),
              last,
              running.probes().hasStarted(),
              running.probes().isReady() && !running.stopping());
      case Over(Terminated how, Instant restartAt) -> {
        boolean backingOff =
            !ending && policy.restarts(how.succeeded(), init) && restartAt.isAfter(now());
        yield backingOff
            ? facts(crashLoop(), how, false, false)
            : facts(how, last, false, init && how.succeeded());
      }
    };
  }

  private ContainerFacts facts(
      ContainerState shown, @Nullable Terminated previous, boolean started, boolean ready) {
    return new ContainerFacts(
        container.getName(), container.getImage(), shown, previous, attempt, started, ready);
  }

  private Waiting crashLoop() {
    return new Waiting(
        "CrashLoopBackOff",
        "back-off %ds restarting failed container=%s"
            .formatted(
                context.services().crashBackOff().delay(ends - 1).toSeconds(),
                container.getName()));
  }

  private Optional<Instant> stepLive(RunningContainer running, Instant now) {
    ContainerProcess process = running.process();
    if (process.exit().isDone()) {
      ended(running);
      return Optional.of(now);
    }
    running
        .probes()
        .unhealthy()
        .filter(why -> !running.stopping())
        .ifPresent(why -> {
          context.normal("Killing", "Killing", why);
          running.stop(Grace.of(context.pod().get()), now);
        });
    return running.step(now);
  }

  private void ended(RunningContainer running) {
    running.close();
    ContainerProcess process = running.process();
    Exit exit =
        process.exit().exceptionally(failure -> new Exit(Exit.UNKNOWN_CODE, now(), false)).join();
    String message = TerminationMessage.read(container, process.directory(), exit);
    over(Terminated.of(exit, process.startedAt(), message));
  }

  private void over(Terminated how) {
    BackOff backOff = context.services().crashBackOff();
    ends = backOff.forgiven(how.startedAt(), how.finishedAt()) ? 1 : ends + 1;
    Instant restartAt = ends <= 1 ? now() : now().plus(backOff.delay(ends - 1));
    state = new Over(how, restartAt);
    LOG.atInfo()
        .addKeyValue("pod", context.pod().get().getMetadata().getName())
        .addKeyValue("container", container.getName())
        .addKeyValue("exitCode", how.exitCode())
        .log("container ended");
    if (policy.restarts(how.succeeded(), init) && ends > 1) {
      context.warning(
          "BackOff", "Restarting", "Back-off restarting failed container " + container.getName());
    }
  }

  private Optional<Instant> start(Instant now, int tries) {
    if (state instanceof Over over) {
      last = over.how();
    }
    int number = attempt + 1;
    AttemptDirectory directory = context.directory().attempt(container.getName(), number);
    try {
      Launch launch = plan(directory);
      attempt = number;
      String program = launch.command().getFirst();
      String path = launch.environment().getOrDefault("PATH", SearchPath.DEFAULT);
      if (new SearchPath(path).find(absolute(program, launch)).isEmpty()) {
        String message = "exec: \"%s\": executable file not found in $PATH".formatted(program);
        context.warning("Failed", "Starting", "Error: " + message);
        over(Terminated.startError(message, now));
        return Optional.of(now);
      }
      run(context.services().processes().start(directory, launch, mark()));
      context.normal("Started", "Starting", "Started container " + container.getName());
      dropOldAttempts();
      return Optional.of(now);
    } catch (ContainerStartException e) {
      return notNow(e.failure(), String.valueOf(e.getMessage()), now, tries + 1);
    } catch (VolumeException | IOException e) {
      return notNow(StartFailure.CONTAINER, String.valueOf(e.getMessage()), now, tries + 1);
    }
  }

  private Launch plan(AttemptDirectory directory)
      throws ContainerStartException, VolumeException, IOException {
    List<Place> places = new ArrayList<>(context.volumes().places(container));
    if (container.getTerminationMessagePath() != null) {
      places.add(new Place(container.getTerminationMessagePath(), directory.terminationMessage()));
    }
    Path home = context.directory().home(container.getName());
    return context
        .services()
        .planner()
        .plan(container, context.downwardApi(), context.references(), places, home);
  }

  /** A program named by a relative path lies in the working directory. */
  private static String absolute(String program, Launch launch) {
    return program.contains("/") ? launch.workingDirectory().resolve(program).toString() : program;
  }

  private Optional<Instant> notNow(StartFailure failure, String message, Instant now, int tries) {
    Instant tryAt = now.plus(BackOff.PREPARATION.delay(tries));
    state = new NotStarted(new Waiting(failure.reason(tries), message), tryAt, tries);
    context.warning("Failed", "Starting", "Error: " + failure.reason(1) + ": " + message);
    return Optional.of(tryAt);
  }

  private boolean adopt(int number) throws IOException {
    AttemptDirectory directory = context.directory().attempt(container.getName(), number);
    Optional<ContainerProcess> process = context.services().processes().adopt(directory, mark());
    if (process.isEmpty()) {
      return false;
    }
    attempt = number;
    ends = number;
    last = previousEnd(number - 1);
    run(process.get());
    return true;
  }

  private @Nullable Terminated previousEnd(int number) throws IOException {
    if (number < 0) {
      return null;
    }
    AttemptDirectory directory = context.directory().attempt(container.getName(), number);
    Optional<Exit> exit = directory.exit();
    Optional<Instant> startedAt = directory.startedAt();
    return exit.isPresent() && startedAt.isPresent()
        ? Terminated.of(
            exit.get(), startedAt.get(), TerminationMessage.read(container, directory, exit.get()))
        : null;
  }

  private void run(ContainerProcess process) {
    state = new Live(new RunningContainer(container, context, process));
  }

  private void dropOldAttempts() throws IOException {
    if (attempt >= 2) {
      Trees.delete(context.directory().attempt(container.getName(), attempt - 2).path());
    }
  }

  private ContainerMark mark() {
    return new ContainerMark(context.directory().uid(), container.getName());
  }

  private Instant now() {
    return context.services().clock().instant();
  }
}
