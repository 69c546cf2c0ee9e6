package dev.rouse.server.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipTest {

  private static final String METADATA =
      """
      managedFields:
      - manager: rouse-api
        operation: Apply
        fieldsV1:
          f:spec:
            f:agentRef: {f:name: {}}
            f:title: {}
            f:metadata: {.: {}, f:a: {}, "f:x/y": {}}
      - manager: rouse-api
        operation: Update
        fieldsV1: {f:spec: {f:suspend: {}}}
      - manager: rouse-api
        operation: Apply
        subresource: status
        fieldsV1: {f:spec: {f:suspend: {}}}
      - manager: flux
        operation: Apply
        fieldsV1: {f:spec: {f:title: {}, f:metadata: {f:b: {}}}}
      """;

  private final ObjectMeta metadata = Serialization.unmarshal(METADATA, ObjectMeta.class);

  @Test
  void whatWasAppliedIsAppliedAgainAndNothingElse() throws Exception {
    // Given
    JsonNode spec =
        EventCodec.JSON.readTree(
            "{\"agentRef\":{\"name\":\"n\",\"version\":2},\"title\":\"t\",\"suspend\":true,"
                + "\"metadata\":{\"a\":\"1\",\"b\":\"2\",\"x/y\":\"3\"}}");
    // When
    JsonNode part = Ownership.appliedSpec(metadata, spec, "rouse-api");
    // Then
    assertThat(part)
        .isEqualTo(
            EventCodec.JSON.readTree(
                "{\"agentRef\":{\"name\":\"n\"},\"title\":\"t\",\"metadata\":{\"a\":\"1\",\"x/y\":\"3\"}}"));
  }

  @Test
  void theOtherOwnerIsNamed() {
    // Then
    assertThat(Ownership.otherOwner(metadata, "rouse-api", List.of("title"))).contains("flux");
    assertThat(Ownership.otherOwner(metadata, "rouse-api", List.of("metadata", "b")))
        .contains("flux");
    assertThat(Ownership.otherOwner(metadata, "rouse-api", List.of("metadata", "a"))).isEmpty();
    assertThat(Ownership.otherOwner(new ObjectMeta(), "rouse-api", List.of("title"))).isEmpty();
  }
}
