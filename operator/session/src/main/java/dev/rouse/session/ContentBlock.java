package dev.rouse.session;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One block of a message or a tool result (wire contract §2.1).
 *
 * <p>Only text is looked into; every other block passes through to the model and the API untouched,
 * as does any field of a text block that this version does not know.
 */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    include = JsonTypeInfo.As.EXISTING_PROPERTY,
    property = "type",
    visible = true,
    defaultImpl = ContentBlock.Other.class)
@JsonSubTypes(@JsonSubTypes.Type(value = ContentBlock.Text.class, name = "text"))
public sealed interface ContentBlock {

  /** The block's wire name. */
  String type();

  /**
   * Plain text.
   *
   * @param text the text; may be empty in a tool result only
   * @param more fields of the block that this version does not know
   */
  @JsonIgnoreProperties(value = "type", allowGetters = true)
  @JsonPropertyOrder("type")
  record Text(String text, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more)
      implements ContentBlock {
    public Text {
      more = Kept.inOrder(more);
    }

    @Override
    @JsonProperty("type")
    public String type() {
      return "text";
    }
  }

  /**
   * Any other block: image, document, search result, redacted, or one that is newer than this code.
   *
   * @param type the wire name
   * @param fields every other field
   */
  record Other(String type, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> fields)
      implements ContentBlock {}

  /** A text block with nothing but text. */
  static ContentBlock text(String text) {
    return new Text(text, Map.of());
  }

  /** The texts of these blocks, one below the other; blocks without text are left out. */
  static String textOf(List<ContentBlock> blocks) {
    StringBuilder text = new StringBuilder();
    for (ContentBlock block : blocks) {
      if (block instanceof Text t) {
        text.append(text.isEmpty() ? "" : "\n").append(t.text());
      }
    }
    return text.toString();
  }
}
