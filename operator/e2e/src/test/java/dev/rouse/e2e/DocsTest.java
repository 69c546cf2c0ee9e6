package dev.rouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show is what the repository holds. */
class DocsTest {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root", "../.."));
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- snippet: (\\S+) -->\n(?:```yaml\n(.*?)```)?", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)[^)]*\\)");
  private static final Pattern MAKE =
      Pattern.compile("(?:^|`)make ([a-z0-9-]+)", Pattern.MULTILINE);

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
          Stream.of("README.md", "CONTRIBUTING.md", "examples/README.md").map(ROOT::resolve),
          docs.filter(file -> file.toString().endsWith(".md")))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void snippets_say_what_their_files_say(Path page) throws IOException {
    // Given
    Matcher snippets = SNIPPET.matcher(Files.readString(page));
    while (snippets.find()) {
      // When
      List<JsonNode> shown = documents(snippets.group(2) == null ? "" : snippets.group(2));
      // Then
      assertThat(shown)
          .as("%s shows %s; take the file's text without its comments", page, snippets.group(1))
          .isEqualTo(documents(Files.readString(ROOT.resolve(snippets.group(1)))));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_lead_somewhere(Path page) throws IOException {
    // Given
    Matcher links = LINK.matcher(Files.readString(page));
    while (links.find()) {
      // When
      Path target = page.resolveSibling(links.group(1)).normalize();
      // Then
      assertThat(target).as("a link of %s", page).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commands_of_make_exist(Path page) throws IOException {
    // Given
    String makefile = Files.readString(ROOT.resolve("Makefile"));
    Matcher commands = MAKE.matcher(Files.readString(page));
    while (commands.find()) {
      // When
      String target = commands.group(1);
      // Then
      assertThat(makefile).as("make %s of %s", target, page).contains("\n" + target + ":");
    }
  }

  @Test
  void the_readme_has_a_snippet() throws IOException {
    // Given
    String readme = Files.readString(ROOT.resolve("README.md"));
    // When
    Matcher snippets = SNIPPET.matcher(readme);
    // Then
    assertThat(snippets.find()).isTrue();
  }

  private static List<JsonNode> documents(String text) throws IOException {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return documents.readAll();
    }
  }
}
