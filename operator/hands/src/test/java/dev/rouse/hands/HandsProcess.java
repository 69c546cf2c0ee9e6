package dev.rouse.hands;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real program in a JVM of its own, with the heap that it has in the dev cluster. */
final class HandsProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)");

  private final Process process;
  private final Path log;

  private HandsProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it and waits until it listens. */
  static HandsProcess start(Path directory, Keys keys) throws IOException {
    return start(directory, environment(directory, keys));
  }

  /** Starts it with its log in a directory and waits until it listens. */
  static HandsProcess start(Path directory, Map<String, String> environment) throws IOException {
    HandsProcess hands = launch(directory, environment);
    await("hands listen")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .failFast("the hands ended: " + hands.log, () -> !hands.process.isAlive())
        .until(() -> ADDRESS.matcher(hands.output()).find());
    return hands;
  }

  /** Starts it and waits for nothing. */
  static HandsProcess launch(Path directory, Map<String, String> environment) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.rouse.hands.Main"));
    Files.createDirectories(directory);
    Path log = Files.createTempFile(directory, "hands-", ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new HandsProcess(builder.start(), log);
  }

  static Map<String, String> environment(Path directory, Keys keys) {
    return new TreeMap<>(
        Map.of(
            "PATH",
            System.getenv("PATH"),
            "LANG",
            "C.UTF-8",
            "ROUSE_LISTEN",
            "127.0.0.1:0",
            "ROUSE_WORKSPACE",
            directory.resolve("workspace").toString(),
            "ROUSE_JOURNAL",
            directory.resolve("journal").toString(),
            "ROUSE_TICKET_KEY",
            keys.publicText(),
            "ROUSE_SESSION_UID",
            Keys.SESSION,
            "ROUSE_GENERATION",
            "1",
            "ANTHROPIC_API_KEY",
            "not for tools"));
  }

  String address() {
    Matcher matcher = ADDRESS.matcher(output());
    if (!matcher.find()) {
      throw new AssertionError("no address in " + output());
    }
    return "http://" + matcher.group(1);
  }

  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** As a node does that lost its mind: no chance to write anything. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** As Kubernetes ends a pod. */
  int terminate() {
    process.destroy();
    return awaitExit();
  }

  int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the hands did not end: " + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
