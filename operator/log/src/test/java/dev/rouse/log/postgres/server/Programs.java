package dev.rouse.log.postgres.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** PostgreSQL's programs on this machine, and whom they run as. */
final class Programs {

  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
  private static final long SECONDS = 120;

  private final Path directory;

  private Programs(Path directory) {
    this.directory = directory;
  }

  /** Finds them: in the place of Debian's packages, by pg_config, or on the path. */
  static Programs find() {
    return Stream.of(packaged(), configured(), onPath())
        .flatMap(Optional::stream)
        .filter(directory -> Files.isExecutable(directory.resolve("initdb")))
        .findFirst()
        .map(Programs::new)
        .orElseThrow(() ->
            new IllegalStateException(
                "tests of the PostgreSQL store need PostgreSQL 13 or newer, and this machine has"
                    + " none: install it (Debian, Ubuntu: apt-get install postgresql), put"
                    + " pg_config on the path, or name a server in ROUSE_TEST_POSTGRES_URL"));
  }

  private static Optional<Path> packaged() {
    if (!Files.isDirectory(PACKAGES)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .filter(it -> it.getFileName().toString().matches("[0-9]+"))
          .max(Comparator.comparing(it -> Integer.valueOf(it.getFileName().toString())))
          .map(it -> it.resolve("bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> configured() {
    try {
      Process process = new ProcessBuilder("pg_config", "--bindir").start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return answer.isEmpty() ? Optional.empty() : Optional.of(Path.of(answer));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> onPath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(it -> !it.isEmpty())
        .map(Path::of)
        .filter(it -> Files.isExecutable(it.resolve("initdb")))
        .findFirst();
  }

  /** The command that runs a program; not as root, for PostgreSQL refuses that. */
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=" + user(), "--regid=" + user(), "--clear-groups", "--"));
    }
    command.add(directory.resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Gives a directory to whom the programs run as. */
  void own(Path path) {
    if (isRoot()) {
      run(List.of("chown", "-R", user() + ":", path.toString()));
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static String user() {
    try {
      return Files.readAllLines(Path.of("/etc/passwd")).stream()
              .anyMatch(line -> line.startsWith("postgres:"))
          ? "postgres"
          : "nobody";
    } catch (IOException e) {
      return "nobody";
    }
  }

  /** Runs a command to its end. */
  static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
