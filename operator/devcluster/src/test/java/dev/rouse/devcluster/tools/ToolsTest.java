package dev.rouse.devcluster.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {

  @TempDir private Path cache;

  @Test
  void programsAreFoundByTheVersionsOfTheirGoModules() throws Exception {
    // Given
    for (String name :
        List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")) {
      executable(cache.resolve("kubernetes-" + Tools.kubernetesVersion()).resolve(name));
    }
    executable(cache.resolve("etcd-" + Tools.etcdVersion()).resolve("etcd"));

    // When
    Tools tools = Tools.locate(Map.of("ROUSE_TOOLS_DIR", cache.toString()));

    // Then
    assertThat(tools.kubectl()).isExecutable().hasFileName("kubectl");
    assertThat(Tools.kubernetesVersion()).matches("v1\\.\\d+\\.\\d+");
    assertThat(Tools.etcdVersion()).matches("v3\\.\\d+\\.\\d+");
  }

  @Test
  void whatIsMissingIsNamedWithTheWayToGetIt() {
    assertThatThrownBy(() -> Tools.locate(Map.of("ROUSE_TOOLS_DIR", cache.toString())))
        .hasMessageContaining("kube-apiserver")
        .hasMessageContaining("etcd")
        .hasMessageContaining("make tools");
  }

  @Test
  void helmIsFoundBesideThem() throws Exception {
    // Given
    Path program = cache.resolve("helm-" + Tools.helmVersion()).resolve("helm");
    executable(program);

    // When
    Path found = Tools.helm(Map.of("ROUSE_TOOLS_DIR", cache.toString()));

    // Then
    assertThat(found).isEqualTo(program);
    assertThatThrownBy(() -> Tools.helm(Map.of("ROUSE_TOOLS_DIR", cache + "/elsewhere")))
        .hasMessageContaining("hack/tools.sh helm");
  }

  @Test
  void theCacheIsWhereTheDesktopsConventionPutsIt() {
    assertThat(Tools.directory(Map.of("HOME", "/h"))).hasToString("/h/.cache/rouse/tools");
    assertThat(Tools.directory(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c")))
        .hasToString("/c/rouse/tools");
  }

  @Test
  void aGoModuleRequiresInALineOrABlock() {
    assertThat(GoModule.version("module m\nrequire a.b/c v1.2.3\n", "a.b/c")).isEqualTo("v1.2.3");
    assertThat(GoModule.version("require (\n\ta.b/c v1.2.3 // indirect\n)\n", "a.b/c"))
        .isEqualTo("v1.2.3");
    assertThatThrownBy(() -> GoModule.version("replace a.b/c => ../c\n", "a.b/c"))
        .hasMessageContaining("a.b/c");
  }

  private static void executable(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }
}
