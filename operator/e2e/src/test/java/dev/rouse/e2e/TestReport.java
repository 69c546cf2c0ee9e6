package dev.rouse.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What surefire wrote when a class of tests last ran.
 *
 * @param page the report, as XML
 */
record TestReport(String page) {

  private static final Pattern CASE =
      Pattern.compile("<testcase name=\"(\\w+)[^>]*?(/>|>(.*?)</testcase>)", Pattern.DOTALL);

  /** Module and name of the class. */
  private static final Pattern FILE =
      Pattern.compile("(.*)/target/surefire-reports/TEST-([\\w.]+)\\.xml");

  /**
   * The report of the class of a test; empty where that has not run.
   *
   * @param type simple name of the class; modules may have other classes of that name
   */
  static Optional<TestReport> of(Path root, String type, String method) throws IOException {
    for (Path module : list(root.resolve("operator"))) {
      for (Path file : list(module.resolve("target/surefire-reports"))) {
        Matcher name = FILE.matcher(file.toString());
        if (name.matches()
            && name.group(2).endsWith("." + type)
            && declares(name.group(1), name.group(2), method)) {
          return Optional.of(new TestReport(Files.readString(file)));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static boolean declares(String module, String type, String method) throws IOException {
    Path source = Path.of(module, "src/test/java", type.replace('.', '/') + ".java");
    return Files.isRegularFile(source) && Files.readString(source).contains(" " + method + "(");
  }

  /** Why the last run of a test shows nothing; empty if it passed, in each of its cases. */
  Optional<String> fault(String method) {
    boolean ran = false;
    boolean skipped = false;
    Matcher cases = CASE.matcher(page);
    while (cases.find()) {
      if (!cases.group(1).equals(method)) {
        continue;
      }
      String inner = Objects.requireNonNullElse(cases.group(3), "");
      if (inner.contains("<failure") || inner.contains("<error")) {
        return Optional.of("failed");
      }
      ran = true;
      skipped |= inner.contains("<skipped");
    }
    if (skipped) {
      return Optional.of("was skipped");
    }
    return ran ? Optional.empty() : Optional.of("is not in its class' report");
  }
}
