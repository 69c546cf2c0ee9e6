package dev.rouse.e2e.cluster;

import dev.rouse.devcluster.launch.JavaProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code kubectl rouse} as a program of its own, with a kubeconfig and nothing else. */
public record RouseCommand(Path root, Path kubeconfig) {

  private static final long LONGEST_SECONDS = 120;

  /** With the rights of a cluster's administrator. */
  public static RouseCommand of(Cluster cluster) {
    return new RouseCommand(cluster.root(), cluster.kubectl().kubeconfig());
  }

  /** What leads a command to a cluster's server, through its door, as an account of a namespace. */
  public static Map<String, String> as(Namespace namespace, String account) {
    Cluster cluster = namespace.cluster();
    return Map.of(
        "ROUSE_SERVER", cluster.serverDoor().uri().toString(),
        "ROUSE_SERVER_CA", cluster.launcher().caFile().toString(),
        "ROUSE_AS_SA", namespace.name() + "/" + account);
  }

  /** How a command ended. */
  public record Result(int exit, String out, String err) {}

  /** Runs a command and expects it to succeed. */
  public Result run(Map<String, String> environment, String... arguments) {
    Result result = tryRun(environment, arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          "kubectl rouse %s: exit code %d%n%s%s"
              .formatted(String.join(" ", arguments), result.exit(), result.out(), result.err()));
    }
    return result;
  }

  /** Runs a command. */
  public Result tryRun(Map<String, String> environment, String... arguments) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(JavaProgram.CLI.command(root, List.of(arguments)));
      builder.environment().keySet().removeIf(name -> name.startsWith("ROUSE_"));
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().putAll(environment);
      Path out = Files.createTempFile("rouse", ".out");
      Path err = Files.createTempFile("rouse", ".err");
      try {
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              "kubectl rouse %s does not end:%n%s"
                  .formatted(String.join(" ", arguments), Files.readString(err)));
        }
        return new Result(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
