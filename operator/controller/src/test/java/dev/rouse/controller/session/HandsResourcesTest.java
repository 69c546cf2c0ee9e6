package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandsResourcesTest {

  private static final HandsResources DEFAULTS =
      HandsResources.from(
          Map.of(
              "ROUSE_HANDS_REQUESTS",
              "cpu=100m,memory=128Mi",
              "ROUSE_HANDS_LIMITS",
              "cpu=2,memory=1Gi"));

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing is asked for             | {}                                              | {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: '2', memory: 1Gi}}
          a limit stands for its request   | {limits: {memory: 4Gi}}                         | {requests: {cpu: 100m}, limits: {cpu: '2', memory: 4Gi}}
          a request gets a limit           | {requests: {memory: 64Mi}}                      | {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: '2', memory: 1Gi}}
          and one that is not below it     | {requests: {memory: 6Gi}}                       | {requests: {cpu: 100m, memory: 6Gi}, limits: {cpu: '2', memory: 6Gi}}
          what is no default is left alone | {limits: {nvidia.com/gpu: '1'}}                 | {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: '2', memory: 1Gi, nvidia.com/gpu: '1'}}
          """)
  void everySandboxHasLimits(String name, String asked, String given) {
    // When
    ResourceRequirements resources = DEFAULTS.of(read(asked));
    // Then
    assertThat(resources).isEqualTo(read(given));
  }

  private static ResourceRequirements read(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, ResourceRequirements.class);
  }
}
