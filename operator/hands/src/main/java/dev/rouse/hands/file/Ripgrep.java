package dev.rouse.hands.file;

import dev.rouse.hands.tool.BadInputException;
import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.Workspace;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The search with ripgrep.
 *
 * @param program where it is
 * @param environment our own; nothing of it but the path is passed on
 */
record Ripgrep(Path program, Workspace workspace, Map<String, String> environment) {

  private static final Duration END = Duration.ofSeconds(2);

  void search(String pattern, Path start, Deadline deadline, Matches matches)
      throws BadInputException, IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(pattern, start));
    builder.directory(workspace.root().toFile());
    builder.environment().clear();
    builder.environment().put("PATH", environment.getOrDefault("PATH", ""));
    builder.redirectInput(new File("/dev/null"));
    Process process = builder.start();
    Thread guard = Thread.ofVirtual().start(() -> endInTime(process, deadline));
    deadline.call().cancellation().onCancel(process::destroyForcibly);
    StringBuilder complaint = new StringBuilder();
    Thread complaints = Thread.ofVirtual().start(() -> readComplaint(process, complaint));
    boolean complete = readMatches(process, matches);
    if (!complete) {
      process.destroyForcibly();
    }
    int exit = process.waitFor();
    guard.interrupt();
    complaints.join(END);
    // 2 also stands for "one file could not be read": then what was found counts.
    if (exit == 2 && complete && matches.isEmpty() && !deadline.isOver()) {
      synchronized (complaint) {
        throw new BadInputException("pattern: ripgrep says: " + complaint.toString().strip());
      }
    }
  }

  /** Options that make it search what our own search does: see {@link Workspace#isSkipped}. */
  private List<String> command(String pattern, Path start) {
    return List.of(
        program.toString(),
        "--no-config",
        "-n",
        "--no-heading",
        "--with-filename",
        "--color=never",
        "--sort=path",
        "--hidden",
        "--no-ignore",
        "--max-columns=" + Matches.MAX_LINE,
        "--max-columns-preview",
        "--glob=!.git",
        "--glob=!node_modules",
        "--glob=!.rouse",
        "-e",
        pattern,
        "--",
        "./" + workspace.show(start));
  }

  private static boolean readMatches(Process process, Matches matches) throws IOException {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!matches.add(line.replaceFirst("^(?:\\./)+", ""))) {
          return false;
        }
      }
    } catch (IOException killed) {
      return false;
    }
    return true;
  }

  private static void readComplaint(Process process, StringBuilder complaint) {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (complaint) {
          if (complaint.length() < Matches.MAX_LINE) {
            complaint.append(line).append('\n');
          }
        }
      }
    } catch (IOException killed) {
      // Then nobody asks what it said.
    }
  }

  private static void endInTime(Process process, Deadline deadline) {
    try {
      if (!process.waitFor(deadline.nanos() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException ended) {
      // Nothing left to guard.
    }
  }
}
