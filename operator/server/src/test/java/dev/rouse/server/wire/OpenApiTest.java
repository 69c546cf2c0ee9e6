package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.rouse.server.ContractMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The OpenAPI document and the code say the same. */
class OpenApiTest {

  /** They answer without the API: no right, no workspace. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("get /healthz", "get /readyz", "get " + OpenApi.PATH);

  private static final Set<String> VERBS = Set.of("get", "post", "delete", "put", "patch");

  private final JsonNode document = OpenApi.document();

  private void operations(BiConsumer<String, JsonNode> action) {
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
        if (VERBS.contains(verb.getKey())) {
          action.accept(verb.getKey() + " " + path.getKey(), verb.getValue());
        }
      }
    }
  }

  @Test
  void everyEndpointHasAnOperationAndEveryOperationAnEndpoint() {
    // Given
    Set<String> described = new TreeSet<>();
    // When
    operations((call, _) -> described.add(call));
    // Then
    Set<String> served =
        Arrays.stream(Endpoint.values())
            .map(it -> it.method().toLowerCase(Locale.ROOT) + " " + it.path().text())
            .collect(Collectors.toCollection(TreeSet::new));
    served.addAll(OF_THE_SERVER);
    assertThat(described).isEqualTo(served);
  }

  @Test
  void everyOperationNamesTheRightsThatTheCodeAsksFor() {
    // Given
    Set<String> described = new TreeSet<>();
    // When
    operations((call, operation) ->
        operation.path("x-rouse-rights").forEach(it -> described.add(call + ": " + it.asText())));
    // Then
    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Endpoint.values())
                .map(it ->
                    "%s %s: %s"
                        .formatted(it.method().toLowerCase(Locale.ROOT), it.path(), it.needs()))
                .toList());
  }

  @Test
  void operationsHaveTheNamesThatTheSdksHave() {
    // Given
    List<String> ids = new ArrayList<>();
    // When
    operations((_, operation) -> ids.add(operation.path("operationId").asText()));
    // Then
    assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    assertThat(ids)
        .containsAll(
            ContractMethod.all().stream()
                .filter(ContractMethod::isServed)
                .map(ContractMethod::name)
                .toList());
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryPlaceOfAPathIsDescribed() {
    List<String> references = new ArrayList<>();
    references(document, references);
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            it -> assertThat(document.at(it.substring(1)).isMissingNode()).as(it).isFalse());
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      List<String> places =
          Pattern.compile("\\{(\\w+)}")
              .matcher(path.getKey())
              .results()
              .map(it -> it.group(1))
              .toList();
      List<String> described = new ArrayList<>();
      path.getValue()
          .path("parameters")
          .forEach(it ->
              described.add(
                  document.at(it.path("$ref").asText().substring(1)).path("name").asText()));
      assertThat(described).as(path.getKey()).isEqualTo(places);
    }
  }

  private static void references(JsonNode node, List<String> found) {
    node.properties()
        .forEach(entry -> {
          if (entry.getKey().equals("$ref")) {
            found.add(entry.getValue().asText());
          } else if (entry.getKey().equals("mapping")) {
            entry.getValue().forEach(it -> found.add(it.asText()));
          }
        });
    node.forEach(it -> references(it, found));
  }

  /** A comma in an unquoted text of YAML's flow style begins a key without a value. */
  @Test
  void noTextWasCutAtAComma() {
    assertThat(cut(document)).isEmpty();
  }

  private static List<String> cut(JsonNode node) {
    List<String> cut = new ArrayList<>();
    node.properties()
        .forEach(entry -> {
          if (entry.getValue().isNull()) {
            cut.add(entry.getKey());
          }
          cut.addAll(cut(entry.getValue()));
        });
    if (node.isArray()) {
      node.forEach(it -> cut.addAll(cut(it)));
    }
    return cut;
  }

  @Test
  void everySchemaIsOne() {
    // Given
    JsonSchema rules =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));
    // When
    // Then
    document
        .at("/components/schemas")
        .properties()
        .forEach(it -> assertThat(rules.validate(it.getValue())).as(it.getKey()).isEmpty());
  }
}
