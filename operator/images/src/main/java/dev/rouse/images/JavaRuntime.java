package dev.rouse.images;

import dev.rouse.devcluster.file.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The Java runtime of the images: what the programs use of the JDK that runs this build. All images
 * have the same, so a node stores it once.
 *
 * @param home where it is
 */
record JavaRuntime(Path home) {

  /** What the programs need, with what their libraries load by name; a test asks their classes. */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.httpserver",
          "jdk.management",
          "jdk.unsupported");

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  /** Makes it in an empty place. */
  static JavaRuntime link(Path home) throws IOException, InterruptedException {
    Trees.delete(home);
    Tool.run(
        List.of(
            JDK.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-6",
            "--output",
            home.toString()));
    return new JavaRuntime(home);
  }

  /** What a runtime is made from: two with the same identity are the same. */
  static String identity() throws IOException {
    return Files.readString(JDK.resolve("release")) + MODULES;
  }

  Path java() {
    return home.resolve("bin/java");
  }
}
