package dev.rouse.devcluster.node.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.node.container.MountRewriter.Place;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountRewriterTest {

  private final MountRewriter rewriter =
      new MountRewriter(
          List.of(
              new Place("/work", Path.of("/host/w")),
              new Place("/work/inner/", Path.of("/host/i")),
              new Place("/tmp", Path.of("/tmp/host/t"))));

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "/work, /host/w",
    "/work/, /host/w/",
    "/work/a/b, /host/w/a/b",
    "/work/inner, /host/i",
    "/work/inner/x, /host/i/x",
    "/work/innermost, /host/w/innermost",
    "/workshop, /workshop",
    "--dir=/work/x, --dir=/host/w/x",
    "/bin:/work/bin:/work, /bin:/host/w/bin:/host/w",
    "file:///work/x, file:///work/x",
    "cat /work/x, cat /work/x",
    "relative/work, relative/work",
    "/tmp/x, /tmp/host/t/x",
    "'', ''"
  })
  void leadsWholePathElementsWhereAPathCanBegin(String value, String expected) {
    // Given a rewriter with nested and overlapping places

    // When
    String rewritten = rewriter.rewrite(value);

    // Then
    assertThat(rewritten).isEqualTo(expected);
  }
}
