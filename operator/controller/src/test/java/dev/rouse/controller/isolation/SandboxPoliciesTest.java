package dev.rouse.controller.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The policies as files. {@code -Dgolden.update=true} writes them; look at the difference before
 * you commit it.
 */
class SandboxPoliciesTest {

  private static final Path FILES =
      Path.of(System.getProperty("rouse.root"), "operator/controller/src/test/resources/policies");

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of("default", Map.of("KUBERNETES_SERVICE_HOST", "34.118.224.1")),
        Arguments.of(
            "everything-set",
            Map.of(
                "ROUSE_SANDBOX_DENIED", "10.0.0.0/8,::/0",
                "ROUSE_SANDBOX_DNS", "169.254.20.10/32,dns/app=names:5353",
                "ROUSE_SANDBOX_FORBIDDEN", "")),
        Arguments.of(
            "everything-denied",
            Map.of("ROUSE_SANDBOX_DENIED", "0.0.0.0/0,::/0", "ROUSE_SANDBOX_DNS", "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void theSameAsLastTime(String name, Map<String, String> environment) throws IOException {
    // Given
    Path file = FILES.resolve(name + ".yaml");
    // When
    String yaml =
        policies(environment).stream().map(Serialization::asYaml).collect(Collectors.joining());
    // Then
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, yaml);
    }
    assertThat(file).hasContent(yaml);
  }

  /** A rule without peers opens everything, and that must never come of a setting. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void noRuleIsWithoutPeers(String name, Map<String, String> environment) {
    // When
    List<NetworkPolicy> policies = policies(environment);
    // Then
    assertThat(policies)
        .allSatisfy(policy -> {
          assertThat(policy.getSpec().getIngress())
              .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
          assertThat(policy.getSpec().getEgress())
              .allSatisfy(rule -> assertThat(rule.getTo()).isNotEmpty());
        });
  }

  @Test
  void nothingInThemIsOfOneSession() {
    // When
    String yaml = Serialization.asYaml(policies(Map.of()));
    // Then
    assertThat(yaml).doesNotContain("rouse.dev/session").doesNotContain("ownerReferences");
  }

  private static List<NetworkPolicy> policies(Map<String, String> environment) {
    return new SandboxPolicies(IsolationSettings.from(environment), 8085).of("team");
  }
}
