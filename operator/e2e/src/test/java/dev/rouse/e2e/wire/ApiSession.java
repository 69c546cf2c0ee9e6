package dev.rouse.e2e.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A session that was made through the public API, and everything that its client was promised. */
public final class ApiSession {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Caller caller;
  private final String id;
  private final WorkSession work;
  private final List<Ack> acks = new CopyOnWriteArrayList<>();

  private ApiSession(Caller caller, String id, WorkSession work) {
    this.caller = caller;
    this.id = id;
    this.work = work;
  }

  /** Makes a session of an agent that is told {@code messages}. */
  public static ApiSession create(Caller caller, String agent, String title, String... messages) {
    return created(caller, caller.call(creation(caller.namespace(), agent, title, messages)));
  }

  /** The session that an answer to {@link #creation} names. */
  public static ApiSession created(Caller caller, Answer answer) {
    return of(caller, answer.ok().path("id").asText());
  }

  /** A session that the caller knows by its id. */
  public static ApiSession of(Caller caller, String id) {
    String uid = WireIds.sessionUidOf(id).orElseThrow(() -> new AssertionError("no id: " + id));
    return new ApiSession(caller, id, caller.namespace().sessionOf(uid));
  }

  /** What makes a session; with a key of its own. */
  public static Request creation(
      Namespace namespace, String agent, String title, String... messages) {
    KubernetesClient client = namespace.cluster().client();
    String agentUid =
        client
            .resources(Agent.class)
            .inNamespace(namespace.name())
            .withName(agent)
            .require()
            .getMetadata()
            .getUid();
    String environmentUid =
        client
            .resources(Environment.class)
            .inNamespace(namespace.name())
            .withName("default")
            .require()
            .getMetadata()
            .getUid();
    ObjectNode body =
        JSON.objectNode()
            .put("agent", WireIds.agent(agentUid))
            .put("environment_id", WireIds.environment(environmentUid))
            .put("title", title);
    for (String message : messages) {
      body.withArray("initial_events").add(message(message));
    }
    return Request.post("/v1/sessions", body).once(UUID.randomUUID().toString());
  }

  /** A {@code user.message}. */
  public static ObjectNode message(String text) {
    ObjectNode message = event("user.message");
    message.putArray("content").addObject().put("type", "text").put("text", text);
    return message;
  }

  /** A {@code user.tool_confirmation} that allows. */
  public static ObjectNode allow(String toolUseId) {
    return event("user.tool_confirmation").put("tool_use_id", toolUseId).put("result", "allow");
  }

  /** A {@code user.tool_confirmation} that denies. */
  public static ObjectNode deny(String toolUseId, String why) {
    return event("user.tool_confirmation")
        .put("tool_use_id", toolUseId)
        .put("result", "deny")
        .put("deny_message", why);
  }

  public static ObjectNode interrupt() {
    return event("user.interrupt");
  }

  private static ObjectNode event(String type) {
    return JSON.objectNode().put("type", type);
  }

  public String id() {
    return id;
  }

  /** The session as one sees it without the API. */
  public WorkSession work() {
    return work;
  }

  /** What was promised so far. */
  public List<Ack> acks() {
    return List.copyOf(acks);
  }

  /** The request that sends events, with a key of its own. */
  public Request sending(ObjectNode... events) {
    ObjectNode body = JSON.objectNode();
    body.putArray("events").addAll(List.of(events));
    return Request.post(path("/events"), body).once(UUID.randomUUID().toString());
  }

  /** Sends one event until it is taken. */
  public Ack send(ObjectNode event) {
    return send(caller, event);
  }

  /** Sends one event as another account until it is taken. */
  public Ack send(Caller as, ObjectNode event) {
    return taken(as.call(sending(event))).getFirst();
  }

  /** Notes what an answer to {@link #sending} promised. */
  public List<Ack> taken(Answer answer) {
    List<Ack> promised = new ArrayList<>();
    for (JsonNode event : answer.ok().path("data")) {
      promised.add(new Ack(event.path("type").asText(), event.path("id").asText(), answer.at()));
    }
    acks.addAll(promised);
    return promised;
  }

  /** The whole history, page by page. */
  public List<JsonNode> history() {
    return history(caller, id);
  }

  static List<JsonNode> history(Caller caller, String id) {
    List<JsonNode> events = new ArrayList<>();
    String first = "/v1/sessions/" + id + "/events?limit=1000";
    for (String path = first; !path.isEmpty(); ) {
      JsonNode page = caller.call(Request.get(path)).ok();
      page.path("data").forEach(events::add);
      String next = page.path("next_page").asText("");
      path = page.path("next_page").isTextual() ? first + "&page=" + next : "";
    }
    return events;
  }

  /** The session object of the wire. */
  public JsonNode body() {
    return caller.call(Request.get(path(""))).ok();
  }

  /** Follows it from now on. */
  public StreamFollower follow(Caller as) {
    return StreamFollower.of(as, id);
  }

  private String path(String below) {
    return "/v1/sessions/" + id + below;
  }
}
