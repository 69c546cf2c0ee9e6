package dev.rouse.devcluster.model.talk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.devcluster.model.talk.Part.Attachment;
import dev.rouse.devcluster.model.talk.Part.Text;
import dev.rouse.devcluster.model.talk.Part.ToolResult;
import dev.rouse.devcluster.model.talk.Part.ToolUse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Short names for what was said, equal exactly when the meaning is: key order, white space between
 * tokens, {@code 1} or {@code 1.0}, and cache marks make no difference.
 */
public final class Fingerprint {

  private Fingerprint() {}

  /**
   * One fingerprint for every beginning of a conversation: entry {@code n} stands for model, system
   * prompt and the first {@code n} messages, so that comparing two histories is comparing strings.
   */
  public static List<String> prefixes(Conversation conversation) {
    var prefixes = new ArrayList<String>();
    String last = hash(quote(conversation.model()) + quote(conversation.system()));
    prefixes.add(last);
    for (Message message : conversation.messages()) {
      last = hash(last + canonical(message));
      prefixes.add(last);
    }
    return List.copyOf(prefixes);
  }

  /**
   * What a model's turn says, leaving out the ids of its tool uses: callers may choose their own.
   */
  public static String answer(List<Part> parts) {
    return hash(
        parts.stream().map(Fingerprint::withoutId).map(Fingerprint::canonical).toList().toString());
  }

  private static Part withoutId(Part part) {
    return part instanceof ToolUse(var _, var name, var input)
        ? new ToolUse("", name, input)
        : part;
  }

  private static String canonical(Message message) {
    String role =
        switch (message) {
          case Message.User _ -> "user";
          case Message.Assistant _ -> "assistant";
        };
    return role + message.parts().stream().map(Fingerprint::canonical).toList();
  }

  private static String canonical(Part part) {
    return switch (part) {
      case Text(var text) -> "text" + quote(text);
      case ToolUse(var id, var name, var input) ->
          "use" + quote(id) + quote(name) + canonical(input);
      case ToolResult(var id, var content, var error) ->
          "result" + quote(id) + error + content.stream().map(Fingerprint::canonical).toList();
      case Attachment(var block) -> "attachment" + canonical(block);
    };
  }

  private static String canonical(JsonNode node) {
    if (node.isObject()) {
      return node.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(field -> quote(field.getKey()) + canonical(field.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (node.isArray()) {
      return node.valueStream()
          .map(Fingerprint::canonical)
          .collect(Collectors.joining(",", "[", "]"));
    }
    if (node.isNumber()) {
      return node.decimalValue().stripTrailingZeros().toString();
    }
    return node.isTextual() ? quote(node.textValue()) : node.asText();
  }

  /** Length before content, so that no two different sequences of strings read the same. */
  private static String quote(String text) {
    return "<" + text.length() + ":" + text + ">";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
