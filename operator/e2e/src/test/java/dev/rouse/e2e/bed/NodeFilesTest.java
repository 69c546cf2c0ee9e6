package dev.rouse.e2e.bed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rouse.devcluster.pki.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NodeFilesTest {

  private static final Path BED = Path.of("/var/lib/rouse-e2e");
  private static final Pattern PLACE = Pattern.compile("/var/[^\\s\"]+");
  private static final NodeSoftware SOFTWARE = new NodeSoftware(Path.of("/usr/lib/cni"), false);

  private static NodeFiles files(int machine) {
    return new NodeFiles(new Machine(machine), BED, Path.of("/ca.crt"));
  }

  private static KeyFiles certificate(int machine) {
    return new KeyFiles(Path.of("/node-%d.crt".formatted(machine)), Path.of("/key"));
  }

  @Test
  void whatTwoNodesWriteIsApart() {
    // When
    Set<String> one = places(1);
    Set<String> two = places(2);

    // Then
    assertThat(one).isNotEmpty().allMatch(place -> place.startsWith(BED + "/node-1"));
    assertThat(two).isNotEmpty().doesNotContainAnyElementsOf(one);
  }

  private static Set<String> places(int machine) {
    NodeFiles files = files(machine);
    String all = files.network() + files.containerd(SOFTWARE) + files.kubelet(certificate(machine));
    return PLACE.matcher(all).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  @Test
  void theKubeletAsksTheSameContainerdAndItsOwnCgroup() throws IOException {
    // When
    JsonNode kubelet = new YAMLMapper().readTree(files(2).kubelet(certificate(2)));

    // Then
    assertThat(kubelet.path("containerRuntimeEndpoint").asText())
        .isEqualTo("unix://" + files(2).socket());
    assertThat(files(2).containerd(SOFTWARE)).contains("\"" + files(2).socket() + "\"");
    assertThat(kubelet.path("cgroupRoot").asText()).isEqualTo("/rouse-e2e-2");
    assertThat(kubelet.path("tlsCertFile").asText()).isEqualTo("/node-2.crt");
  }

  @Test
  void podsHaveAddressesOfTheirNodesRange() throws IOException {
    // When
    JsonNode network = new ObjectMapper().readTree(files(2).network());

    // Then
    assertThat(network.at("/plugins/0/ipam/ranges/0/0/subnet").asText()).isEqualTo("10.244.2.0/24");
  }

  @Test
  void gvisorIsKnownWhereItIs() {
    assertThat(files(1).containerd(SOFTWARE)).doesNotContain("runsc");
    assertThat(files(1).containerd(new NodeSoftware(Path.of("/cni"), true))).contains("runsc");
  }
}
