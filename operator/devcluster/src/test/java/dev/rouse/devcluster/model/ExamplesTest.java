package dev.rouse.devcluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import dev.rouse.devcluster.model.script.ScriptLoader;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we ship as examples works as it says. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExamplesTest {

  static final Path EXAMPLES =
      Path.of(System.getProperty("rouse.root", "../..")).resolve("examples");
  private static final int LARGEST_MESSAGE = 32 * 1024;

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "Agent", Agent.class,
          "Environment", Environment.class,
          "ModelProvider", ModelProvider.class,
          "Session", Session.class);

  @TempDir private Path workspace;

  @ParameterizedTest
  @MethodSource("examples")
  void everyObjectHasItsKindNameAndSpec(String file) throws IOException {
    // When
    var objects = objects(file);
    // Then
    assertThat(objects)
        .isNotEmpty()
        .allSatisfy(object -> {
          assertThat(object.path("apiVersion").asText()).isEqualTo("rouse.dev/v1alpha1");
          assertThat(object.path("kind").asText())
              .isIn("ModelProvider", "Environment", "Agent", "Session");
          assertThat(object.at("/metadata/name").asText()).isNotEmpty();
          assertThat(object.path("spec").isObject()).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyFieldIsOneOfItsKind(String file) throws IOException {
    for (JsonNode object : objects(file)) {
      // When
      Class<?> type = KINDS.get(object.path("kind").asText());
      JsonNode understood =
          Serialization.jsonMapper()
              .valueToTree(Serialization.jsonMapper().treeToValue(object, type));
      // Then
      assertHolds(understood.path("spec"), object.path("spec"), file);
    }
  }

  /** Resource types ignore what they do not know, so a misspelt field would be lost in silence. */
  private static void assertHolds(JsonNode understood, JsonNode written, String place) {
    if (written.isContainerNode()) {
      assertThat(understood.getNodeType()).as(place).isEqualTo(written.getNodeType());
      written
          .properties()
          .forEach(field ->
              assertHolds(
                  understood.path(field.getKey()), field.getValue(), place + "." + field.getKey()));
      for (int i = 0; i < written.size() && written.isArray(); i++) {
        assertHolds(understood.path(i), written.get(i), place + "." + i);
      }
    } else {
      assertThat(understood.asText()).as(place).isEqualTo(written.asText());
    }
  }

  static List<String> examples() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-first-session.yaml", "02-coding-agent.yaml", "03-approval.yaml"})
  void everySessionRefersToWhatStandsBesideIt(String file) throws IOException {
    // Given
    var scripts = ScriptLoader.loadAll(EXAMPLES.resolve("scripts"));
    // When
    JsonNode session = one(file, "Session");
    // Then
    assertThat(session.at("/spec/agentRef/name"))
        .isEqualTo(one(file, "Agent").at("/metadata/name"));
    assertThat(session.at("/spec/environmentRef/name"))
        .isEqualTo(one(file, "Environment").at("/metadata/name"));
    assertThat(scripts).containsKey(one(file, "Agent").at("/spec/model/id").asText());
    assertThat(text(session).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LARGEST_MESSAGE);
  }

  @Test
  void theModelOfOnesOwnIsServedByTheProviderBesideIt() throws IOException {
    // Given
    String file = "04-openai-compatible.yaml";
    // When
    JsonNode model = one(file, "ModelProvider").at("/spec/models/0/name");
    // Then
    assertThat(one(file, "Agent").at("/spec/model/id")).isEqualTo(model);
    assertThat(one(file, "Session").at("/spec/agentRef/name"))
        .isEqualTo(one(file, "Agent").at("/metadata/name"));
    assertThat(one(file, "Session").at("/spec/environmentRef/name"))
        .isEqualTo(one("01-first-session.yaml", "Environment").at("/metadata/name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"duration.sh", "test_duration.sh"})
  void theMessageHoldsTheFilesWeShip(String file) throws IOException {
    // When
    String text = text(one("02-coding-agent.yaml", "Session"));
    // Then
    assertThat(text)
        .contains(
            "```bash %s\n%s```\n"
                .formatted(file, Files.readString(EXAMPLES.resolve("coding-agent").resolve(file))));
  }

  @Test
  void theProgramHasOneBugAndItsTestsShowIt() throws Exception {
    // Given
    for (String file : List.of("duration.sh", "test_duration.sh")) {
      Files.copy(EXAMPLES.resolve("coding-agent").resolve(file), workspace.resolve(file));
    }
    var tools = new Workbench(workspace);
    var before = tools.bash("bash test_duration.sh");
    // When
    Path program = workspace.resolve("duration.sh");
    Files.writeString(program, Files.readString(program).replace("left > size", "left >= size"));
    var after = tools.bash("bash test_duration.sh");
    // Then
    assertThat(before.error()).isTrue();
    assertThat(before.text()).contains("not ok - format 60", "8 passed, 2 failed");
    assertThat(after.error()).isFalse();
    assertThat(after.text()).contains("10 passed, 0 failed").doesNotContain("not ok");
    assertThat(Files.readAllLines(workspace.resolve("runs.log"))).hasSize(2);
  }

  @Test
  void theReadmeOfTheScriptsHasExamplesThatLoad() throws IOException {
    // Given
    var blocks =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(EXAMPLES.resolve("scripts/README.md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    var turns = blocks.getLast().replace("    stopReason", "    # stopReason");
    String other = "  - {name: save, say: x}\n  - {name: save-again, say: x}\n";
    // When
    var script =
        ScriptLoader.load(
            Files.writeString(workspace.resolve("readme.yaml"), blocks.getFirst() + other + turns));
    // Then
    assertThat(blocks).hasSize(2);
    assertThat(script.turns())
        .extracting(turn -> turn.name())
        .containsExactly("first-run", "save", "save-again", "answer");
  }

  static JsonNode one(String file, String kind) throws IOException {
    return objects(file).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .reduce((_, _) -> {
          throw new AssertionError(file + " holds two of kind " + kind);
        })
        .orElseThrow();
  }

  static String text(JsonNode session) {
    return session.at("/spec/messages/0/text").asText();
  }

  private static List<JsonNode> objects(String file) throws IOException {
    var yaml = new YAMLMapper();
    try (MappingIterator<JsonNode> objects =
        yaml.readerFor(JsonNode.class).readValues(EXAMPLES.resolve(file).toFile())) {
      return objects.readAll();
    }
  }
}
