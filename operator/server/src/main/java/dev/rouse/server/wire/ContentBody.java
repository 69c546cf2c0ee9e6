package dev.rouse.server.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.EventCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The content blocks of a client's event (contract §2.1), checked and otherwise left as they are.
 */
final class ContentBody {

  /** Blocks of one event. */
  static final int MAX_BLOCKS = 1000;

  /** A body is no larger, so that only empty texts need a rule. */
  static final int ANY_LENGTH = Integer.MAX_VALUE;

  private static final int NAME = 2048;
  private static final Pattern URL = Pattern.compile("https?://\\S+");

  /** Which blocks an event takes. */
  enum Kind {
    /** A message of the user. */
    MESSAGE(Set.of("text", "image", "document"), 1),
    /** A message of the system. */
    SYSTEM(Set.of("text"), 1),
    /** The result of a call; its texts may be empty. */
    RESULT(Set.of("text", "image", "document", "search_result"), 0);

    private final Set<String> types;
    private final int minText;

    Kind(Set<String> types, int minText) {
      this.types = types;
      this.minText = minText;
    }
  }

  private ContentBody() {}

  /** The blocks of {@code content}, at least {@code min}. */
  static List<ContentBlock> of(Fields event, Kind kind, int min) throws WireError {
    List<ContentBlock> blocks = new ArrayList<>();
    for (Fields block : event.objects("content", min, MAX_BLOCKS)) {
      blocks.add(block(block, kind));
    }
    return blocks;
  }

  private static ContentBlock block(Fields block, Kind kind) throws WireError {
    String type = block.requiredText("type", 1, NAME);
    if (!kind.types.contains(type)) {
      throw WireError.invalid(
          "%s: expected one of %s, found \"%s\""
              .formatted(
                  block.at("type"),
                  String.join(", ", kind.types.stream().sorted().toList()),
                  Fields.brief(type)));
    }
    switch (type) {
      case "text" -> block.requiredText("text", kind.minText, ANY_LENGTH);
      case "image" -> source(block.requiredObject("source"), false);
      case "document" -> {
        source(block.requiredObject("source"), true);
        block.text("title", 0, NAME);
        block.text("context", 0, ANY_LENGTH);
      }
      default -> searchResult(block);
    }
    block.end();
    try {
      return EventCodec.JSON.treeToValue(block.json(), ContentBlock.class);
    } catch (JsonProcessingException e) {
      throw WireError.invalid(block.path() + ": " + e.getOriginalMessage());
    }
  }

  private static void source(Fields source, boolean document) throws WireError {
    String type =
        document
            ? source.oneOf("type", "base64", "url", "file", "text")
            : source.oneOf("type", "base64", "url", "file");
    switch (type) {
      case "base64" -> {
        source.requiredText("media_type", 1, NAME);
        base64(source);
      }
      case "url" -> {
        if (!URL.matcher(source.requiredText("url", 1, NAME)).matches()) {
          throw WireError.invalid(source.at("url") + ": expected an http or https URL");
        }
      }
      case "text" -> {
        source.oneOf("media_type", "text/plain");
        source.requiredText("data", 1, ANY_LENGTH);
      }
      default ->
          throw WireError.invalid(
              source.path() + ": files are not available yet; send the data as base64 or text");
    }
    source.end();
  }

  private static void base64(Fields source) throws WireError {
    try {
      Base64.getDecoder().decode(source.requiredText("data", 1, ANY_LENGTH));
    } catch (IllegalArgumentException e) {
      throw WireError.invalid(source.at("data") + ": expected base64: " + e.getMessage());
    }
  }

  private static void searchResult(Fields block) throws WireError {
    block.requiredText("source", 1, NAME);
    block.requiredText("title", 0, NAME);
    block.required("content", "an array");
    for (Fields text : block.objects("content", 1, MAX_BLOCKS)) {
      text.oneOf("type", "text");
      text.requiredText("text", 0, ANY_LENGTH);
      text.end();
    }
    Fields citations = block.requiredObject("citations");
    citations.required("enabled", "true or false");
    citations.flag("enabled");
    citations.end();
  }
}
