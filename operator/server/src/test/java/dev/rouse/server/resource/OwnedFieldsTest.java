package dev.rouse.server.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OwnedFieldsTest {

  /** The API owns system and a label; Flux the model's name and another label; nobody tools. */
  private static final Agent AGENT =
      Serialization.unmarshal(
          """
          apiVersion: rouse.dev/v1alpha1
          kind: Agent
          metadata:
            name: a
            managedFields:
            - manager: rouse-api
              operation: Apply
              time: "2026-01-02T03:04:05Z"
              fieldsV1:
                f:spec:
                  f:system: {}
                  f:metadata: {f:mine: {}, f:both: {}}
            - manager: kustomize-controller
              operation: Apply
              time: "2026-01-02T03:04:07Z"
              fieldsV1:
                f:spec:
                  f:model: {f:id: {}}
                  f:metadata: {f:theirs: {}, f:both: {}}
            - manager: rouse-operator
              operation: Apply
              subresource: status
              time: "2026-01-02T03:04:09Z"
              fieldsV1:
                f:status: {f:version: {}}
          """,
          Agent.class);

  private static final String BEFORE =
      "{model: {id: m}, system: s, metadata: {mine: 1, theirs: 2, both: 3}, tools: [{type: x}]}";

  private static ObjectNode spec(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, ObjectNode.class);
  }

  /** What the spec is to be, what is applied, and whose fields are in the way. */
  static List<Arguments> changes() {
    String kept = "system: s";
    return List.of(
        Arguments.of(BEFORE, "{" + kept + ", metadata: {mine: 1, both: 3}}", List.of()),
        Arguments.of(
            BEFORE.replace("system: s", "system: t"),
            "{system: t, metadata: {mine: 1, both: 3}}",
            List.of()),
        Arguments.of(
            BEFORE.replace("id: m", "id: n"),
            "{" + kept + ", model: {id: n}, metadata: {mine: 1, both: 3}}",
            List.of()),
        Arguments.of(
            BEFORE.replace("id: m", "id: m, effort: low"),
            "{" + kept + ", model: {effort: low}, metadata: {mine: 1, both: 3}}",
            List.of()),
        Arguments.of(
            BEFORE.replace("mine: 1, ", ""), "{" + kept + ", metadata: {both: 3}}", List.of()),
        Arguments.of(
            BEFORE.replace("theirs: 2, ", ""),
            "{" + kept + ", metadata: {mine: 1, both: 3}}",
            List.of(new FieldOwner("kustomize-controller", ".spec.metadata.theirs"))),
        Arguments.of(
            BEFORE.replace(", both: 3", ""),
            "{" + kept + ", metadata: {mine: 1}}",
            List.of(new FieldOwner("kustomize-controller", ".spec.metadata.both"))),
        Arguments.of(
            BEFORE.replace(", tools: [{type: x}]", ""),
            "{" + kept + ", metadata: {mine: 1, both: 3}}",
            List.of(new FieldOwner("", ".spec.tools"))),
        Arguments.of(
            BEFORE.replace("[{type: x}]", "[{type: x}, {type: y}]"),
            "{" + kept + ", metadata: {mine: 1, both: 3}, tools: [{type: x}, {type: y}]}",
            List.of()),
        Arguments.of(
            BEFORE.replace("system: s", "archived: true"),
            "{archived: true, metadata: {mine: 1, both: 3}}",
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void appliesItsOwnAndWhatChanges(String after, String applied, List<FieldOwner> owners) {
    // When
    OwnedFields.Plan plan = OwnedFields.of(AGENT).plan(spec(BEFORE), spec(after));
    // Then
    assertThat(plan.spec()).isEqualTo(spec(applied));
    assertThat(plan.owners()).isEqualTo(owners);
  }

  @Test
  void knowsWhenAFieldWasWrittenAndLeavesTheStatusOut() {
    assertThat(OwnedFields.writtenAt(AGENT, "system"))
        .contains(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(OwnedFields.writtenAt(AGENT)).contains(Instant.parse("2026-01-02T03:04:07Z"));
    assertThat(OwnedFields.writtenAt(AGENT, "archived")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("managers")
  void saysWhereToChangeAField(String manager, String words) {
    assertThat(new FieldOwner(manager, ".spec.x").describe()).startsWith(".spec.x").contains(words);
  }

  static List<Arguments> managers() {
    return List.of(
        Arguments.of(
            "kustomize-controller", "managed by Flux (field manager kustomize-controller)"),
        Arguments.of("argocd-controller", "managed by Argo CD"),
        Arguments.of("kubectl-client-side-apply", "managed by kubectl"),
        Arguments.of("terraform", "managed by field manager terraform"),
        Arguments.of("", "belongs to no recorded field manager"));
  }
}
