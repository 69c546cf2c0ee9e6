package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

  @ParameterizedTest
  @CsvSource({
    "hello, hello-6f1c2d3e-brain-7",
    // 40 characters stay, what the cut leaves at the end goes
    "a123456789b123456789c123456789d123456789e, a123456789b123456789c123456789d123456789-6f1c2d3e-brain-7",
    "a123456789b123456789c123456789d12345678.e, a123456789b123456789c123456789d12345678-6f1c2d3e-brain-7"
  })
  void brain(String session, String name) {
    // When
    String brain = names(session).brain(7);
    // Then
    assertThat(brain).isEqualTo(name).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void numbersComeBack() {
    // Given
    Names names = names("hello");
    // When
    OptionalInt number = names.brainNumber(names.brain(12));
    // Then
    assertThat(number).hasValue(12);
    assertThat(names.handsGeneration(names.hands(3))).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({
    "hello-6f1c2d3e-hands-1",
    "hello-6f1c2d3e-brain-0",
    "hello-6f1c2d3e-brain-01",
    "hello-6f1c2d3e-brain-x",
    "hello-6f1c2d3e-brain-",
    "other-6f1c2d3e-brain-1",
    "hello-6f1c2d3e-brain-12345678901"
  })
  void anothersNameHasNoNumber(String name) {
    // When
    OptionalInt number = names("hello").brainNumber(name);
    // Then
    assertThat(number).isEmpty();
  }

  private static Names names(String session) {
    Session object = new Session();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(session)
            .withUid("6f1c2d3e-4b5a-4978-8675-94a3b2c1d0ef")
            .build());
    return Names.of(object);
  }
}
