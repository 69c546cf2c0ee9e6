package dev.rouse.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What classes of the programs name of the JDK is in the runtime of the images. */
class RuntimeIT {

  private static final Path OPERATOR = Path.of(System.getProperty("rouse.root"), "operator");

  /** Named by parts of libraries that we do not use. */
  private static final Set<String> NOT_USED =
      Set.of(
          // JavaBeans: Jackson looks whether they are there; SnakeYAML and commons-lang3 would use
          // them.
          "java.desktop",
          // Vert.x that compiles verticles, JOSDK's annotation processor.
          "java.compiler");

  @ParameterizedTest
  @EnumSource
  void holdsTheModulesThatItsProgramsName(Program program) throws Exception {
    // Given
    Path target = OPERATOR.resolve(program.module()).resolve("target");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--multi-release",
                "25",
                "--ignore-missing-deps",
                "--print-module-deps",
                "--class-path",
                target + "/lib/*"));
    try (Stream<Path> own = Files.list(target);
        Stream<Path> libraries = Files.list(target.resolve("lib"))) {
      Stream.concat(own, libraries)
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar") && !file.endsWith("-tests.jar"))
          .forEach(arguments::add);
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    // When
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(out, out, arguments.toArray(String[]::new));
    // Then
    assertThat(status).as(said.toString()).isZero();
    Set<String> missing = new TreeSet<>(List.of(said.toString().strip().split("[,\\n]")));
    missing.removeAll(JavaRuntime.MODULES);
    missing.removeAll(NOT_USED);
    assertThat(missing).isEmpty();
  }
}
