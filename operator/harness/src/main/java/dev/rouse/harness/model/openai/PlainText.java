package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rouse.session.ContentBlock;

/**
 * A block as text, for a protocol that has little else. What cannot be put so is named: the model
 * can say that it did not see it, while a refusal would lock the session for ever.
 */
final class PlainText {

  private PlainText() {}

  static String of(ContentBlock block) {
    return switch (block) {
      case ContentBlock.Text text -> text.text();
      case ContentBlock.Other other -> {
        JsonNode source = other.fields().getOrDefault("source", MissingNode.getInstance());
        yield switch (other.type()) {
          case "document" -> document(other, source);
          case "search_result" -> searchResult(other);
          default -> unseen(other.type(), source);
        };
      }
    };
  }

  private static String document(ContentBlock.Other block, JsonNode source) {
    String title = field(block, "title");
    if (!source.path("type").asText().equals("text")) {
      return unseen(title.isEmpty() ? "document" : "document \"" + title + "\"", source);
    }
    StringBuilder text = new StringBuilder("Document");
    if (!title.isEmpty()) {
      text.append(" \"").append(title).append('"');
    }
    String context = field(block, "context");
    if (!context.isEmpty()) {
      text.append(" (").append(context).append(')');
    }
    return text.append(":\n").append(source.path("data").asText()).toString();
  }

  private static String searchResult(ContentBlock.Other block) {
    StringBuilder text =
        new StringBuilder(
            "Search result \"%s\" (%s):".formatted(field(block, "title"), field(block, "source")));
    block
        .fields()
        .getOrDefault("content", MissingNode.getInstance())
        .forEach(part -> text.append('\n').append(part.path("text").asText()));
    return text.toString();
  }

  private static String field(ContentBlock.Other block, String name) {
    return block.fields().getOrDefault(name, MissingNode.getInstance()).asText("");
  }

  private static String unseen(String what, JsonNode source) {
    String kind = source.path("media_type").asText("");
    String place = source.path("url").asText("");
    return "(Not shown: %s%s%s. The provider of this model cannot take it. Say so if it matters.)"
        .formatted(
            what, kind.isEmpty() ? "" : " of type " + kind, place.isEmpty() ? "" : " at " + place);
  }
}
