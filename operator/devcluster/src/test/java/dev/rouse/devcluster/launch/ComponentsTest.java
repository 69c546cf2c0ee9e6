package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rouse.devcluster.pki.KeyFiles;
import dev.rouse.devcluster.pki.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentsTest {

  private static final KeyFiles KEY = new KeyFiles(Path.of("crt"), Path.of("key"));
  private static final Wiring WIRING =
      new Wiring(
          Path.of("scripts"),
          Path.of("run"),
          new Pki(
              Path.of("ca"),
              KEY,
              KEY,
              KEY,
              KEY,
              KEY,
              KEY,
              KEY,
              KEY,
              Path.of("etcd-ca"),
              KEY,
              KEY,
              KEY,
              Map.of()),
          Path.of("node.yaml"),
          Path.of("provisioner.yaml"),
          Path.of("operator.yaml"),
          Path.of("server.yaml"),
          new Wiring.ComponentPorts(1001, 1002),
          40_001);

  @TempDir private Path root;

  @Test
  void whatIsStartedIsWhatHasToBeBuilt() {
    assertThat(Components.all(WIRING))
        .allSatisfy(component ->
            assertThat(Components.programs().get(component.name())).contains(component.program()))
        .extracting(Component::name)
        .containsExactlyInAnyOrderElementsOf(Components.programs().keySet());
  }

  @Test
  void operatorAndServerActAsDifferentAccounts() {
    Map<String, String> operator = environment("operator");
    Map<String, String> server = environment("server");

    assertThat(operator).containsEntry("KUBECONFIG", "operator.yaml");
    assertThat(server).containsEntry("KUBECONFIG", "server.yaml");
    assertThat(operator.get("ROUSE_SERVER_URL")).isEqualTo("https://" + server.get("ROUSE_LISTEN"));
  }

  @Test
  void eachRunHasLoopbackAddressesOfItsOwn() {
    assertThat(WIRING.addressRange()).isEqualTo("127.156.65.0/24");
  }

  @Test
  void aProgramIsItsJarItsLibrariesAndItsCacheUntilItIsBuiltAgain() throws Exception {
    // Given
    Path target = Files.createDirectories(root.resolve("operator/hands/target"));
    Files.createDirectories(target.resolve("lib"));
    Files.createFile(target.resolve("rouse-hands-1-tests.jar"));
    Path jar = Files.createFile(target.resolve("rouse-hands-1.jar"));
    Path cache = target.resolve("hands.aot");

    // When
    List<String> plain = Components.HANDS.command(root, List.of("--x"));
    Files.createFile(cache);
    Files.setLastModifiedTime(cache, FileTime.fromMillis(2_000));
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));
    List<String> trained = Components.HANDS.command(root, List.of("--x"));
    Files.setLastModifiedTime(jar, FileTime.fromMillis(3_000));
    List<String> rebuilt = Components.HANDS.command(root, List.of("--x"));

    // Then
    assertThat(plain)
        .endsWith("-cp", jar + ":" + target.resolve("lib") + "/*", "dev.rouse.hands.Main", "--x")
        .noneMatch(argument -> argument.contains("AOT"));
    assertThat(trained).contains("-XX:AOTCache=" + cache);
    assertThat(rebuilt).isEqualTo(plain);
  }

  @Test
  void aProgramThatIsNotBuiltIsNamed() {
    assertThatThrownBy(() -> Components.HANDS.command(root, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rouse-hands-*.jar")
        .hasMessageContaining("make build");
  }

  @Test
  void imagesAreCommandsOfTheNode() throws Exception {
    // Given
    Path file = root.resolve("images.yaml");

    // When
    Images.write(file, Map.of("rouse.dev/hands:dev", List.of("java", "-cp", "a b")));

    // Then
    assertThat(new YAMLMapper().readTree(file.toFile()).at("/images").get("rouse.dev/hands:dev"))
        .hasToString("{\"command\":[\"java\",\"-cp\",\"a b\"],\"env\":{}}");
  }

  private static Map<String, String> environment(String name) {
    return Components.all(WIRING).stream()
        .filter(component -> component.name().equals(name))
        .findFirst()
        .orElseThrow()
        .environment();
  }
}
