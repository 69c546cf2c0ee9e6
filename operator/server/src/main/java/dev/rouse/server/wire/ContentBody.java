package dev.rouse.server.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.api.wire.Absent;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
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
  static List<ContentBlock> of(Body event, Kind kind, int min) throws InvalidBody {
    List<ContentBlock> blocks = new ArrayList<>();
    for (Body block : event.objects("content", min, MAX_BLOCKS)) {
      blocks.add(block(block, kind));
    }
    return blocks;
  }

  private static ContentBlock block(Body block, Kind kind) throws InvalidBody {
    String type = block.requiredText("type", 1, NAME);
    if (!kind.types.contains(type)) {
      throw block.wrong(
          "type",
          "must be one of %s, is \"%s\""
              .formatted(
                  String.join(", ", kind.types.stream().sorted().toList()), Body.brief(type)));
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
    block.refuseUnknown();
    try {
      return EventCodec.JSON.treeToValue(block.json(), ContentBlock.class);
    } catch (JsonProcessingException e) {
      throw block.wrong(e.getOriginalMessage());
    }
  }

  private static void source(Body source, boolean document) throws InvalidBody {
    String type =
        document
            ? source.word("type", "base64", "url", "file", "text")
            : source.word("type", "base64", "url", "file");
    switch (type) {
      case "base64" -> {
        source.requiredText("media_type", 1, NAME);
        base64(source);
      }
      case "url" -> {
        if (!URL.matcher(source.requiredText("url", 1, NAME)).matches()) {
          throw source.wrong("url", "must be an http or https URL");
        }
      }
      case "text" -> {
        source.word("media_type", "text/plain");
        source.requiredText("data", 1, ANY_LENGTH);
      }
      default -> throw InvalidBody.later(source.path("type"), Absent.FILES);
    }
    source.refuseUnknown();
  }

  private static void base64(Body source) throws InvalidBody {
    try {
      Base64.getDecoder().decode(source.requiredText("data", 1, ANY_LENGTH));
    } catch (IllegalArgumentException e) {
      throw source.wrong("data", "must be base64: " + e.getMessage());
    }
  }

  private static void searchResult(Body block) throws InvalidBody {
    block.requiredText("source", 1, NAME);
    block.requiredText("title", 0, NAME);
    for (Body text : block.objects("content", 1, MAX_BLOCKS)) {
      text.word("type", "text");
      text.requiredText("text", 0, ANY_LENGTH);
      text.refuseUnknown();
    }
    Body citations = block.requiredObject("citations");
    citations.required("enabled");
    citations.bool("enabled");
    citations.refuseUnknown();
  }
}
