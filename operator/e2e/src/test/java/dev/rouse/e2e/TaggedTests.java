package dev.rouse.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which tests bear which JUnit tags, as the sources of all modules have them. */
final class TaggedTests {

  private static final Pattern METHOD = Pattern.compile("  [\\w<>. ]*?(\\w+)\\(.*");

  private final Pattern tag;
  private final Map<String, TreeSet<String>> tests = new TreeMap<>();

  private TaggedTests(String prefix) {
    this.tag = Pattern.compile(" *@Tag\\(\"" + prefix + "([\\w.-]+)\"\\)");
  }

  /**
   * Tests as {@code Class#method}, by what stands in their tags behind {@code prefix}.
   *
   * @param root of the project
   */
  static Map<String, TreeSet<String>> of(Path root, String prefix) throws IOException {
    TaggedTests tagged = new TaggedTests(prefix);
    try (Stream<Path> files = Files.walk(root.resolve("operator"))) {
      for (Path file :
          files
              .filter(it -> it.toString().contains("/src/test/java/"))
              .filter(it -> it.toString().endsWith(".java"))
              .toList()) {
        tagged.collect(file);
      }
    }
    return tagged.tests;
  }

  private void collect(Path file) throws IOException {
    List<String> waiting = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Matcher found = tag.matcher(line);
      Matcher method = METHOD.matcher(line);
      if (found.matches()) {
        waiting.add(found.group(1));
      } else if (!waiting.isEmpty() && !line.strip().startsWith("@") && method.matches()) {
        String name = file.getFileName().toString().replace(".java", "") + "#" + method.group(1);
        waiting.forEach(it -> tests.computeIfAbsent(it, _ -> new TreeSet<>()).add(name));
        waiting.clear();
      }
    }
  }
}
