package dev.rouse.harness.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code stop_details} of a refusal: every field is there, whatever the provider says. */
final class RefusalDetails {

  private RefusalDetails() {}

  /** The wire's form of what a provider says of its refusal; null if it says nothing. */
  static ObjectNode of(@Nullable JsonNode said) {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("type", "refusal");
    for (String field : List.of("category", "explanation")) {
      String text = said == null ? "" : said.path(field).asText("");
      details.put(field, text.isEmpty() ? null : text);
    }
    return details;
  }
}
