package dev.rouse.devcluster.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * The command that starts it.
   *
   * @param root of the checkout
   * @throws IOException if it is not built
   */
  public List<String> command(Path root, List<String> arguments) throws IOException {
    Path target = root.resolve("operator").resolve(module).resolve("target");
    Path aot = target.resolve(module + ".aot");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heapMegabytes + "m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    if (Files.isRegularFile(aot)) {
      command.add("-XX:AOTCache=" + aot);
    }
    command.addAll(List.of("-cp", jar(target) + ":" + target.resolve("lib") + "/*", main));
    return Stream.concat(command.stream(), arguments.stream()).toList();
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
