package dev.rouse.e2e.chart;

import dev.rouse.devcluster.tools.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real helm, on the chart of this checkout unless another is named.
 *
 * @param kubeconfig the cluster; a file that is not there for none
 */
record Helm(Path program, Path chart, Path kubeconfig) {

  static final Path ROOT =
      Path.of(System.getProperty("rouse.root", "../..")).toAbsolutePath().normalize();

  static final String RELEASE = "rouse";

  private static final long LONGEST_SECONDS = 120;

  /** How a command ended. @param output both streams, standard output first */
  record Result(int exit, String output) {}

  /** One that needs no cluster. */
  static Helm withoutCluster() {
    return in(Path.of("/nowhere"));
  }

  static Helm in(Path kubeconfig) {
    return new Helm(Tools.helm(System.getenv()), ROOT.resolve("helm").resolve("rouse"), kubeconfig);
  }

  /** The same with another chart. */
  Helm with(Path other) {
    return new Helm(program, other, kubeconfig);
  }

  /** What the chart renders with these values, {@code key=value}. */
  Rendered render(String... values) {
    return Rendered.of(template("rouse-system", values));
  }

  /** What it renders for another namespace. */
  Rendered renderIn(String namespace, String... values) {
    return Rendered.of(template(namespace, values));
  }

  private String template(String namespace, String... values) {
    Result result = tryTemplate(namespace, values);
    if (result.exit() != 0) {
      throw new AssertionError("helm template was refused: " + result.output());
    }
    return result.output();
  }

  /** Renders, or says why not. */
  Result tryTemplate(String namespace, String... values) {
    List<String> arguments = new ArrayList<>(List.of("template", RELEASE, chart.toString()));
    arguments.addAll(List.of("-n", namespace));
    Stream.of(values)
        .map(it -> it.startsWith("--") ? it : "--set-json=" + it)
        .forEach(arguments::add);
    return run(arguments.toArray(String[]::new));
  }

  /** Runs a command and expects it to succeed. */
  String succeed(String... arguments) {
    Result result = run(arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          "helm %s: exit code %d%n%s"
              .formatted(String.join(" ", arguments), result.exit(), result.output()));
    }
    return result.output();
  }

  /** Runs a command. */
  Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(it -> it.startsWith("HELM_"));
    environment.put("KUBECONFIG", kubeconfig.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("helm " + String.join(" ", arguments) + " does not end");
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while helm ran", e);
    }
  }
}
