package dev.rouse.devcluster.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program of this repository as {@code mvn package} leaves it: a jar and a directory of jars.
 *
 * @param module the directory below {@code operator/}
 * @param main its main class
 * @param heapMegabytes what its heap may grow to
 */
public record JavaProgram(String module, String main, int heapMegabytes) {

  /** {@code kubectl rouse}. */
  public static final JavaProgram CLI = new JavaProgram("cli", "dev.rouse.cli.Main", 128);

  /**
   * The command that starts it.
   *
   * @param root of the checkout
   * @throws IOException if it is not built
   */
  public List<String> command(Path root, List<String> arguments) throws IOException {
    List<String> flags = isTrained(root) ? List.of("-XX:AOTCache=" + cache(root)) : List.of();
    return start(root, flags, arguments);
  }

  /** Where its ahead-of-time cache is, if there is one. */
  Path cache(Path root) {
    return target(root).resolve(module + ".aot");
  }

  /**
   * Whether it has a cache that is younger than its jars. An older one holds classes that may have
   * changed since, and a JVM before 25.0.4 runs them without looking at the jars (JDK-8377932).
   */
  boolean isTrained(Path root) throws IOException {
    Path cache = cache(root);
    return Files.isRegularFile(cache)
        && Files.getLastModifiedTime(cache).compareTo(built(root)) > 0;
  }

  private FileTime built(Path root) throws IOException {
    try (Stream<Path> jars =
        Stream.concat(Stream.of(jar(target(root))), Files.list(target(root).resolve("lib")))) {
      FileTime newest = FileTime.fromMillis(0);
      for (Path jar : jars.toList()) {
        FileTime time = Files.getLastModifiedTime(jar);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
      return newest;
    }
  }

  /** The program as one that is given a cache. */
  Trainee trainee(Path root) {
    return new Trainee(module, cache(root), (flags, arguments) -> start(root, flags, arguments));
  }

  private List<String> start(Path root, List<String> flags, List<String> arguments)
      throws IOException {
    Path target = target(root);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heapMegabytes + "m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(flags);
    command.addAll(List.of("-cp", jar(target) + ":" + target.resolve("lib") + "/*", main));
    command.addAll(arguments);
    return command;
  }

  private Path target(Path root) {
    return root.resolve("operator").resolve(module).resolve("target");
  }

  private Path jar(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> jars =
          Files.newDirectoryStream(target, "rouse-" + module + "-*.jar")) {
        for (Path jar : jars) {
          if (!jar.toString().matches(".*-(tests|sources|javadoc)\\.jar")) {
            return jar;
          }
        }
      }
    }
    throw new IOException(
        "%s is not built: no rouse-%s-*.jar in %s; run 'make build'"
            .formatted(module, module, target));
  }
}
