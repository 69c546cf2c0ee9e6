package dev.rouse.devcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The containers of one pod: the init containers one after the other, then the others at once. */
public final class PodContainers {

  private final List<ContainerSlot> init = new ArrayList<>();
  private final List<ContainerSlot> main = new ArrayList<>();
  private volatile List<Pid> pids = List.of();
  private final List<String> names = new ArrayList<>();

  PodContainers(Pod pod, PodContext context) {
    pod.getSpec()
        .getInitContainers()
        .forEach(container -> {
          init.add(new ContainerSlot(container, true, context));
          names.add(container.getName());
        });
    pod.getSpec()
        .getContainers()
        .forEach(container -> {
          main.add(new ContainerSlot(container, false, context));
          names.add(container.getName());
        });
  }

  /**
   * A main process.
   *
   * @param pid its number on the host
   */
  public record Pid(String container, long pid) {}

  /** The processes seen at the last step. */
  List<Pid> pids() {
    return pids;
  }

  void recover() throws IOException {
    for (ContainerSlot slot : all()) {
      slot.recover();
    }
  }

  /** Starts what is to run now; gives the time when to look again. */
  Optional<Instant> advance() {
    Optional<Instant> next = Optional.empty();
    for (ContainerSlot slot : init) {
      if (!slot.succeeded()) {
        next = slot.step();
        if (!slot.succeeded()) {
          notePids();
          return next;
        }
      }
    }
    for (ContainerSlot slot : main) {
      next = PodWorker.earliest(next, slot.step());
    }
    notePids();
    return next;
  }

  /** Sees ends and probes of what runs, and starts nothing. */
  Optional<Instant> observe() {
    Optional<Instant> next = Optional.empty();
    for (ContainerSlot slot : all()) {
      next = PodWorker.earliest(next, slot.stepWithoutStart());
    }
    return next;
  }

  /** Ends all; empty once nothing runs any more. */
  Optional<Instant> end(Duration grace) {
    Optional<Instant> next = Optional.empty();
    for (ContainerSlot slot : all()) {
      slot.stop(grace);
      Optional<Instant> step = slot.stepWithoutStart();
      if (slot.live()) {
        // Its end wakes the worker; the far time only says that it is not over.
        next = PodWorker.earliest(next, step.or(() -> Optional.of(Instant.MAX)));
      }
    }
    notePids();
    return next;
  }

  void tryNow() {
    all().forEach(ContainerSlot::tryNow);
  }

  void release() {
    all().forEach(ContainerSlot::release);
  }

  List<ContainerFacts> initFacts(boolean ending) {
    return init.stream().map(slot -> slot.facts("PodInitializing", ending)).toList();
  }

  List<ContainerFacts> mainFacts(boolean ending) {
    boolean initialized = init.stream().allMatch(ContainerSlot::succeeded);
    String waiting = initialized ? "ContainerCreating" : "PodInitializing";
    return main.stream().map(slot -> slot.facts(waiting, ending)).toList();
  }

  private List<ContainerSlot> all() {
    return Stream.concat(init.stream(), main.stream()).toList();
  }

  private void notePids() {
    List<ContainerSlot> slots = all();
    List<Pid> found = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      String name = names.get(i);
      slots.get(i).pid().ifPresent(pid -> found.add(new Pid(name, pid)));
    }
    pids = List.copyOf(found);
  }
}
