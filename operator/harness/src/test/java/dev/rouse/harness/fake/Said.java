package dev.rouse.harness.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What transcripts are made of. */
public final class Said {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Said() {}

  public static UserEvent.Message user(String... texts) {
    return new UserEvent.Message("u", List.of(texts).stream().map(ContentBlock::text).toList());
  }

  public static UserEvent.Message user(ContentBlock... blocks) {
    return new UserEvent.Message("u", List.of(blocks));
  }

  public static AgentEvent.Message agent(String text) {
    return new AgentEvent.Message("a", List.of(ContentBlock.text(text)));
  }

  public static AgentEvent.ToolUse call(String id) {
    return call(id, "bash");
  }

  public static AgentEvent.ToolUse call(String id, String tool) {
    return new AgentEvent.ToolUse(
        id, tool, JSON.objectNode().put("command", id), "allow", null, null);
  }

  public static AgentEvent.ToolResult result(String id, String text, boolean isError) {
    return result(id, isError, ContentBlock.text(text));
  }

  public static AgentEvent.ToolResult result(String id, boolean isError, ContentBlock... content) {
    return new AgentEvent.ToolResult("r" + id, id, List.of(content), isError);
  }

  /** A block that is no text, from its fields. */
  public static ContentBlock.Other block(String type, Map<String, JsonNode> fields) {
    return new ContentBlock.Other(type, fields);
  }

  /** A block with a source; {@code more} are further fields of the source. */
  public static ContentBlock.Other sourced(String type, String source, String... more) {
    ObjectNode fields = JSON.objectNode().put("type", source);
    for (int i = 0; i < more.length; i += 2) {
      fields.put(more[i], more[i + 1]);
    }
    return block(type, Map.of("source", fields));
  }

  /** Two calls whose results came in the other order, and more from the user. */
  public static List<Event> crossedResults() {
    return List.of(
        user("go"),
        agent("Let me see."),
        call("t1"),
        call("t2"),
        result("t2", "two", false),
        result("t1", "one", true),
        user("also this"));
  }

  public static ModelRequest request(@Nullable String summary, List<Event> transcript) {
    return new ModelRequest("vendor", "m", 10, null, null, List.of(), summary, transcript);
  }
}
