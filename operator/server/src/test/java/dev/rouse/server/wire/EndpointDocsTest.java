package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that roles are written by says what the code asks for. */
class EndpointDocsTest {

  private static final Path PAGE = Path.of(System.getProperty("rouse.root"), "docs", "identity.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- endpoints -->\n).*?(?=<!-- /endpoints -->)", Pattern.DOTALL);

  private static String table() {
    return Arrays.stream(Endpoint.values())
        .map(it -> "| `%s %s` | %s |\n".formatted(it.method(), it.path().text(), it.needs()))
        .collect(
            Collectors.joining(
                "", "| call | right in group `rouse.dev`, or credential |\n|---|---|\n", ""));
  }

  @Test
  void the_page_lists_every_endpoint_with_its_right() throws IOException {
    // Given
    String page = Files.readString(PAGE);
    Matcher shown = TABLE.matcher(page);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, shown.replaceFirst(Matcher.quoteReplacement(table())));
    }
    // When
    Matcher now = TABLE.matcher(Files.readString(PAGE));
    // Then
    assertThat(now.find()).isTrue();
    assertThat(now.group())
        .as("the table of docs/identity.md; -Ddocs.update=true writes it anew")
        .isEqualTo(table());
  }
}
