package dev.rouse.harness.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.ContentBlock;
import java.util.Optional;

/** Images that chat messages can carry: by URL, or as a data URL. */
final class Images {

  private Images() {}

  static boolean isShown(ContentBlock block) {
    return url(block).isPresent();
  }

  /** The block as a part of a message's content. */
  static ObjectNode part(ContentBlock block) {
    ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "image_url");
    part.putObject("image_url").put("url", url(block).orElseThrow());
    return part;
  }

  private static Optional<String> url(ContentBlock block) {
    if (!(block instanceof ContentBlock.Other other) || !other.type().equals("image")) {
      return Optional.empty();
    }
    JsonNode source = other.fields().getOrDefault("source", MissingNode.getInstance());
    return switch (source.path("type").asText()) {
      case "url" -> Optional.of(source.path("url").asText());
      case "base64" ->
          Optional.of(
              "data:%s;base64,%s"
                  .formatted(source.path("media_type").asText(), source.path("data").asText()));
      default -> Optional.empty();
    };
  }
}
