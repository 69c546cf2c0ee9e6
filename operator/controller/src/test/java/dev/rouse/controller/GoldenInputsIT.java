package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What golden files are made from is what the API server takes. */
class GoldenInputsIT extends InstalledOperatorScenario {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root"));

  @Test
  void goldenInputsAreValid() throws IOException {
    // Given
    Path golden = ROOT.resolve("operator/controller/src/test/resources/golden");
    try (Stream<Path> inputs = Files.walk(golden)) {
      for (Path input :
          inputs.filter(it -> it.getFileName().toString().startsWith("in-")).toList()) {
        GenericKubernetesResource object =
            Serialization.unmarshal(Files.readString(input), GenericKubernetesResource.class);
        object.getMetadata().setNamespace(namespace);
        object.getMetadata().setUid(null);
        object.getMetadata().setName("golden");
        // When
        HasMetadata accepted =
            admin
                .resource(object)
                .inNamespace(namespace)
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .create();
        // Then
        assertThat(accepted).as(input.toString()).isNotNull();
      }
    }
  }
}
