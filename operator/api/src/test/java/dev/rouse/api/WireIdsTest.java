package dev.rouse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireIdsTest {

  @RepeatedTest(100)
  void everyUidComesBack() {
    // Given
    String uid = UUID.randomUUID().toString();
    // When
    String id = WireIds.session(uid);
    // Then
    assertThat(WireIds.uidOf(id)).contains(uid);
    assertThat(id).matches("sesn_[1-9A-HJ-NP-Za-km-z]{22}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "00000000-0000-0000-8000-000000000000"
      })
  void theEdgesComeBack(String uid) {
    // When
    String id = WireIds.agent(uid);
    // Then
    assertThat(WireIds.agentUidOf(id)).contains(uid);
  }

  @Test
  void anIdIsWhatItWasYesterday() {
    // Given an id that a client has kept
    String uid = "6f1c2d3e-4b5a-4978-8675-94a3b2c1d0ef";
    // When
    String id = WireIds.environment(uid);
    // Then
    assertThat(id).isEqualTo("env_EinEsK1Mdkz6wQSw4SQCdt");
  }

  @Tag("contract-ids")
  @Test
  void anIdOfAnotherKindIsNotAnId() {
    // Given
    String agent = WireIds.agent(UUID.randomUUID().toString());
    // When
    var session = WireIds.sessionUidOf(agent);
    // Then
    assertThat(session).isEmpty();
    assertThat(WireIds.environmentUidOf(agent)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sesn_",
        "sesn_short",
        "sesn_zzzzzzzzzzzzzzzzzzzzzz",
        "sesn_0000000000000000000000",
        "sesn_1111111111111111111111x",
        "thing_1111111111111111111111"
      })
  void whatWasNeverGivenOutIsNotAnId(String text) {
    // When
    var uid = WireIds.uidOf(text);
    // Then
    assertThat(uid).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1-1-1-1-1", "6F1C2D3E-4B5A-4978-8675-94A3B2C1D0EF"})
  void aTextThatIsNoUidHasNoId(String uid) {
    assertThatThrownBy(() -> WireIds.agent(uid))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(uid);
  }
}
