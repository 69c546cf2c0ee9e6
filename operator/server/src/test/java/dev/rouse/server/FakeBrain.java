package dev.rouse.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionEvent;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import dev.rouse.session.ThreadEvent;
import dev.rouse.session.protocol.BrainProtocol.CommitRequest;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.BrainProtocol.WakeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Speaks the internal protocol as a brain's pod does; thinks nothing. */
public final class FakeBrain implements AutoCloseable {

  private static final Ids IDS = Ids.random();

  private final TestClient client;
  private final String base;
  private int epoch;

  public FakeBrain(int port, String token, String sessionUid) {
    this.client = new TestClient(port, token);
    this.base = "/internal/v1/sessions/" + sessionUid + "/";
  }

  public TestClient.Answer wake() {
    TestClient.Answer answer = client.post(base + "wake", new WakeRequest("test"));
    epoch = answer.json().path("epoch").asInt(0);
    return answer;
  }

  public int epoch() {
    return epoch;
  }

  public TestClient.Answer commit(String appendId, List<Event> events) {
    return client.post(base + "commits", new CommitRequest(appendId, epoch, events, null));
  }

  public TestClient.Answer commitAt(String appendId, List<Event> events, long head) {
    return client.post(base + "commits", new CommitRequest(appendId, epoch, events, head));
  }

  public TestClient.Answer hands(Integer gone) {
    return client.post(base + "hands", new HandsRequest(epoch, gone));
  }

  public TestClient.Answer raw(String path, Object body) {
    return client.post(base + path, body);
  }

  public TestClient.Answer records(long from) {
    return client.get(base + "records?from=" + from);
  }

  public TestClient.Feed follow(long from) {
    return client.open(base + "records?follow=true&from=" + from);
  }

  /** One whole turn: takes up these inputs, answers, and idles. */
  public TestClient.Answer turn(String appendId, List<Event> inputs, String answer) {
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
    List<Event> events = new ArrayList<>(inputs);
    events.add(start);
    events.add(message(answer));
    events.add(
        new SpanEvent.ModelRequestEnd(
            IDS.event(), start.id(), null, new ModelUsage(100, 10, 0, 0, Map.of())));
    events.addAll(idle(StopReason.END_TURN));
    return commit(appendId, events);
  }

  /** One whole turn: takes up these inputs and idles with these calls, if any, without results. */
  public TestClient.Answer calls(String appendId, List<Event> inputs, AgentEvent.Call... calls) {
    SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event());
    List<Event> events = new ArrayList<>(inputs);
    events.add(start);
    events.addAll(List.of(calls));
    events.add(new SpanEvent.ModelRequestEnd(IDS.event(), start.id(), null, ModelUsage.ZERO));
    List<String> ids = Arrays.stream(calls).map(AgentEvent.Call::id).toList();
    events.addAll(idle(ids.isEmpty() ? StopReason.END_TURN : StopReason.requiresAction(ids)));
    return commit(appendId, events);
  }

  public static AgentEvent.Message message(String text) {
    return new AgentEvent.Message(IDS.event(), List.of(ContentBlock.text(text)));
  }

  public static AgentEvent.ToolUse bash(String command) {
    return new AgentEvent.ToolUse(
        IDS.event(),
        "bash",
        JsonNodeFactory.instance.objectNode().put("command", command),
        "allow",
        null,
        null);
  }

  public static List<Event> idle(StopReason reason) {
    return List.of(
        new ThreadEvent.StatusIdle(IDS.event(), "sthr_1", "Reviewer", reason, null),
        new SessionEvent.UsageReported(IDS.event(), ModelUsage.ZERO, null),
        new SessionEvent.StatusIdle(IDS.event(), reason, null));
  }

  /** The received events among these records, as a brain takes them up. */
  public static List<Event> queued(TestClient.Answer records) {
    return records
        .response()
        .body()
        .lines()
        .map(FakeBrain::event)
        .filter(event -> event instanceof InternalEvent.Received)
        .map(event -> ((InternalEvent.Received) event).event())
        .toList();
  }

  private static Event event(String line) {
    try {
      return EventCodec.JSON.readValue(line, LogRecord.class).event();
    } catch (IOException e) {
      throw new IllegalStateException(line, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
