package dev.rouse.log;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.UserEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** What tests of logs need to begin with. */
public final class Given {

  private static final Ids IDS = Ids.random();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Given() {}

  public static LogKey key(String namespace) {
    String uid = UUID.randomUUID().toString();
    return new LogKey(namespace, "session-" + uid.substring(0, 8), uid);
  }

  public static InternalEvent.Created created(LogKey key) {
    return created(key, JSON.objectNode().put("image", "registry.example/tools:1"));
  }

  /** Of a session whose tools a worker runs. */
  public static InternalEvent.Created selfHosted(LogKey key) {
    ObjectNode environment = JSON.objectNode();
    environment.putObject("spec").put("type", "self_hosted");
    return created(key, environment);
  }

  private static InternalEvent.Created created(LogKey key, ObjectNode environment) {
    return new InternalEvent.Created(
        IDS.event(),
        InternalEvent.Created.FORMAT,
        key.sessionUid(),
        key.namespace(),
        key.sessionName(),
        "sthr_primary",
        new AgentSnapshot(
            "agent_1",
            1,
            "Reviewer",
            null,
            JSON.objectNode().put("id", "claude-sonnet"),
            "Review.",
            List.of(),
            Map.of()),
        environment,
        new PinnedProvider("main", "claude-sonnet", 8192),
        "A review",
        Map.of("team", "a"));
  }

  public static UserEvent.Message message(String text) {
    return new UserEvent.Message(IDS.event(), List.of(ContentBlock.text(text)));
  }

  public static UserEvent.SystemMessage system(String text) {
    return new UserEvent.SystemMessage(IDS.event(), List.of(ContentBlock.text(text)));
  }

  public static UserEvent.Interrupt interrupt() {
    return new UserEvent.Interrupt(IDS.event(), null);
  }

  public static AgentEvent.Message answer(String text) {
    return new AgentEvent.Message(IDS.event(), List.of(ContentBlock.text(text)));
  }

  public static AgentEvent.ToolUse bash(String command) {
    return new AgentEvent.ToolUse(
        IDS.event(), "bash", input("command", command), "allow", null, null);
  }

  public static AgentEvent.ToolUse askedBash(String command) {
    return new AgentEvent.ToolUse(
        IDS.event(), "bash", input("command", command), "ask", null, null);
  }

  public static AgentEvent.CustomToolUse custom(String name) {
    return new AgentEvent.CustomToolUse(IDS.event(), name, JSON.objectNode(), null);
  }

  public static ObjectNode input(String name, String value) {
    return JSON.objectNode().put(name, value);
  }

  public static AgentEvent.ToolResult result(String toolUseId, String text) {
    return new AgentEvent.ToolResult(
        IDS.event(), toolUseId, List.of(ContentBlock.text(text)), false);
  }

  public static UserEvent.CustomToolResult customResult(String toolUseId, String text) {
    return new UserEvent.CustomToolResult(
        IDS.event(), toolUseId, List.of(ContentBlock.text(text)), false, null);
  }

  /** What a worker says. */
  public static UserEvent.ToolResult toolResult(String toolUseId, String text) {
    return new UserEvent.ToolResult(
        IDS.event(), toolUseId, List.of(ContentBlock.text(text)), false, null);
  }

  public static UserEvent.ToolConfirmation confirmation(String toolUseId, String result) {
    return new UserEvent.ToolConfirmation(IDS.event(), toolUseId, result, null, null);
  }

  public static SpanEvent.ModelRequestStart modelStart() {
    return new SpanEvent.ModelRequestStart(IDS.event());
  }

  public static SpanEvent.ModelRequestEnd modelEnd(SpanEvent.ModelRequestStart start) {
    return new SpanEvent.ModelRequestEnd(
        IDS.event(), start.id(), null, new ModelUsage(100, 10, 0, 0, Map.of()));
  }

  /** What a brain writes at the end of a turn. */
  public static List<Event> idle(StopReason reason) {
    return List.of(
        new ThreadEvent.StatusIdle(IDS.event(), "sthr_primary", "Reviewer", reason, null),
        new SessionEvent.UsageReported(IDS.event(), ModelUsage.ZERO, null),
        new SessionEvent.StatusIdle(IDS.event(), reason, null));
  }

  /** A commit of records that follow {@code head}. */
  public static Commit commit(long head, String appendId, Event... events) {
    List<LogRecord> records = new ArrayList<>();
    for (Event event : events) {
      long seq = head + 1 + records.size();
      records.add(LogRecord.of(seq, Instant.EPOCH.plusSeconds(seq).plusNanos(1000), 1, event));
    }
    return new Commit(appendId, null, records);
  }

  /** Text that does not compress well, as logs of builds do not. */
  public static String noise(int length, long seed) {
    StringBuilder text = new StringBuilder(length);
    int start = (int) Math.floorMod(seed * 104_729, (long) NOISE.length() - 1);
    while (text.length() < length) {
      int end = Math.min(NOISE.length(), start + length - text.length());
      text.append(NOISE, start, end);
      start = 0;
    }
    return text.toString();
  }

  // Longer than what gzip remembers, so that a repetition saves nothing.
  private static final String NOISE =
      new Random(7)
          .ints(1024 * 1024, '0', 'z')
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
}
