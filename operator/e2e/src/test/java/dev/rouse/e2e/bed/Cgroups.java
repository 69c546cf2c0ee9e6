package dev.rouse.e2e.bed;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A machine's own place in every cgroup hierarchy: two kubelets below one root would end each
 * other's pods.
 *
 * <p>Tried where version 1 has the controllers; version 2 alone is prepared for and was not tried.
 */
record Cgroups(String name) {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  void create() throws IOException {
    for (Path hierarchy : hierarchies()) {
      Path group = hierarchy.resolve(name);
      if (Files.exists(hierarchy.resolve("cgroup.controllers")) && hierarchies().size() == 1) {
        for (String controller :
            Files.readString(hierarchy.resolve("cgroup.controllers")).strip().split(" ")) {
          Files.writeString(hierarchy.resolve("cgroup.subtree_control"), "+" + controller);
        }
      }
      if (!Files.exists(group)) {
        Files.createDirectory(group);
      }
      // Version 1 lets nobody in where these are empty.
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        if (Files.exists(hierarchy.resolve(file))) {
          Files.writeString(group.resolve(file), Files.readString(hierarchy.resolve(file)));
        }
      }
    }
  }

  /** Kills every process in it and removes it. Does nothing if there is none. */
  void remove() {
    await("nothing is left of the cgroup " + name)
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(this::isRemoved);
  }

  private boolean isRemoved() throws IOException {
    for (Path group : groups()) {
      // What is frozen hears no signal.
      write(group.resolve("freezer.state"), "THAWED");
      write(group.resolve("cgroup.freeze"), "0");
      processes(group)
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
    for (Path group : groups()) {
      try {
        Files.deleteIfExists(group);
      } catch (IOException stillInUse) {
        // Its processes are on their way out: the next look finds it empty.
      }
    }
    return groups().isEmpty();
  }

  /** All below, the lowest first. */
  private List<Path> groups() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      if (Files.isDirectory(hierarchy.resolve(name))) {
        try (Stream<Path> tree = Files.walk(hierarchy.resolve(name))) {
          all.addAll(tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList());
        } catch (UncheckedIOException goneMeanwhile) {
          // The next look is another one.
        }
      }
    }
    return all;
  }

  private static List<Long> processes(Path group) throws IOException {
    try {
      return Files.readAllLines(group.resolve("cgroup.procs")).stream().map(Long::valueOf).toList();
    } catch (NoSuchFileException gone) {
      return List.of();
    }
  }

  private static void write(Path file, String value) {
    try {
      if (Files.exists(file)) {
        Files.writeString(file, value);
      }
    } catch (IOException gone) {
      // Nothing is frozen there any more.
    }
  }

  /** Where the controllers are mounted, {@code /sys/fs/cgroup} itself on version 2. */
  private static List<Path> hierarchies() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" "))
          .filter(mount -> mount[2].equals("cgroup") || mount[2].equals("cgroup2"))
          .map(mount -> Path.of(mount[1]))
          .filter(path -> path.startsWith(ROOT))
          .toList();
    }
  }
}
