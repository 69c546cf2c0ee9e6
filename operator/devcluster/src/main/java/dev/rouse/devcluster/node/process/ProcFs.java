package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Linux tells about the machine's processes. Unreadable processes (ended meanwhile, or another
 * user's) count as absent: they are none of ours.
 *
 * @param root {@code /proc}
 */
public record ProcFs(Path root) {

  private static final int START_TIME_AFTER_COMMAND = 19;

  public static ProcFs system() {
    return new ProcFs(Path.of("/proc"));
  }

  /** Whether exactly this process still runs; a zombie does not. */
  public boolean runs(ProcessId id) {
    return stat(id.pid())
        .filter(stat -> stat.startTime() == id.startTime() && stat.state() != 'Z')
        .isPresent();
  }

  /** The process that has this number now. */
  public Optional<ProcessId> find(long pid) {
    return stat(pid).map(stat -> new ProcessId(pid, stat.startTime()));
  }

  /** The environment a process was started with; empty if it ended or is not ours. */
  public Map<String, String> environment(long pid) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String entry : environmentEntries(pid)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return environment;
  }

  /** Where a process works; empty if it ended or is not ours. */
  public Optional<Path> workingDirectory(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(directory(pid).resolve("cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Every running process whose environment holds all of these entries. */
  public List<ProcessId> marked(Map<String, String> mark) {
    List<String> entries =
        mark.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    List<ProcessId> found = new ArrayList<>();
    for (long pid : pids()) {
      if (environmentEntries(pid).containsAll(entries)) {
        find(pid).filter(this::runs).ifPresent(found::add);
      }
    }
    return found;
  }

  private List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException | DirectoryIteratorException e) {
      throw new IllegalStateException("cannot list " + root + ": is /proc mounted?", e);
    }
    return pids;
  }

  private List<String> environmentEntries(long pid) {
    try {
      byte[] content = Files.readAllBytes(directory(pid).resolve("environ"));
      return Arrays.asList(new String(content, StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  private Optional<Stat> stat(long pid) {
    try {
      // The command stands in parentheses and may hold anything, so fields count from its end.
      String line = Files.readString(directory(pid).resolve("stat"));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new Stat(fields[0].charAt(0), Long.parseLong(fields[START_TIME_AFTER_COMMAND])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path directory(long pid) {
    return root.resolve(Long.toString(pid));
  }

  private record Stat(char state, long startTime) {}
}
