package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.BudgetWire;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.api.wire.Metadata;
import dev.rouse.log.Room;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.keeper.Outcome;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.LogKeys;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SessionChange;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Ids;
import dev.rouse.session.SessionState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /v1/sessions} (contract §1.5). */
final class SessionsApi implements Section {

  /** The most bytes of a body (contract §4). */
  static final int MAX_BODY = 32 * 1024 * 1024;

  private final SessionDoor door;
  private final SessionLogs logs;
  private final SessionKeeper keeper;
  private final Catalog catalog;
  private final Ids ids;
  private final SessionList list;

  SessionsApi(
      SessionDoor door,
      Sessions sessions,
      SessionLogs logs,
      SessionKeeper keeper,
      Catalog catalog,
      Ids ids) {
    this.door = door;
    this.logs = logs;
    this.keeper = keeper;
    this.catalog = catalog;
    this.ids = ids;
    this.list = new SessionList(sessions, catalog.agents(), logs, keeper::seenHead);
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    switch (endpoint) {
      case SESSION_CREATE -> create(visitor, call);
      case SESSION_LIST -> {
        visitor.require(endpoint, visitor.workspace(), null);
        call.answer(200, list.page(visitor.workspace(), SessionQuery.of(call)));
      }
      default -> {
        one(endpoint, door.open(visitor, endpoint, places.getFirst()), visitor, call);
      }
    }
  }

  private void one(Endpoint endpoint, Session session, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    switch (endpoint) {
      case SESSION -> show(call, session);
      case SESSION_UPDATE -> update(call, session, visitor.principal());
      case SESSION_ARCHIVE ->
          answer(call, session, keeper.changes().archive(session, visitor.principal()));
      case SESSION_DELETE -> delete(call, session, visitor.principal());
      default -> throw new IllegalStateException(endpoint + " is not of this section");
    }
  }

  private void create(Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    String workspace = visitor.workspace();
    visitor.require(Endpoint.SESSION_CREATE, workspace, null);
    byte[] body = call.body(MAX_BODY);
    SessionRequest request = SessionRequest.of(Body.parse(body), ids);
    @Nullable RequestKey key = IdempotencyKey.of(call, visitor, body);
    String principal = visitor.principal();
    // What was made before stands, whatever became of its agent and environment since.
    Optional<Outcome> before =
        key == null
            ? Optional.empty()
            : keeper.creation().again(workspace, principal, request.input(), key);
    Outcome made =
        before.isPresent()
            ? before.get()
            : keeper
                .creation()
                .create(workspace, principal, spec(request, workspace), request.input(), key);
    if (made instanceof Outcome.Done(Session session)) {
      keeper.appended(session.getMetadata().getUid());
    }
    answer(call, null, made);
  }

  private SessionSpec spec(SessionRequest request, String workspace)
      throws WireError, InterruptedException {
    Agent agent =
        known(catalog.agents(), WireIds.agentUidOf(request.agentId()), workspace)
            .orElseThrow(() -> missing("agent", request.agentId(), workspace));
    Environment environment =
        known(catalog.environments(), WireIds.environmentUidOf(request.environmentId()), workspace)
            .orElseThrow(() -> missing("environment", request.environmentId(), workspace));
    return new SessionSpec(
        new SessionSpec.AgentRef(agent.getMetadata().getName(), request.agentVersion()),
        new SessionSpec.EnvironmentRef(environment.getMetadata().getName()),
        request.title(),
        request.metadata(),
        List.of(),
        null,
        request.overrides(),
        null,
        null,
        request.budget());
  }

  private static <T extends HasMetadata> Optional<T> known(
      Objects<T> objects, Optional<String> uid, String workspace) throws InterruptedException {
    return uid.isEmpty()
        ? Optional.empty()
        : objects
            .await(uid.get(), Visitor.PATIENCE)
            .filter(it -> workspace.equals(it.getMetadata().getNamespace()));
  }

  private static WireError missing(String what, String id, String workspace) {
    return WireError.notFound(
        "there is no %s %s in workspace (namespace) %s".formatted(what, Body.brief(id), workspace));
  }

  private void show(Call call, Session session) throws WireError {
    call.answer(200, SessionBody.of(session, begun(session, logs)));
  }

  /** The state of a session; one without record 0 has nothing to show. */
  static SessionState begun(Session session, SessionLogs logs) throws WireError {
    SessionState state = logs.of(LogKeys.of(session)).state();
    if (state.created() == null) {
      throw WireError.notFound(
          "session %s/%s has not begun: see the conditions of the Session object"
              .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName()));
    }
    return state;
  }

  private void update(Call call, Session session, String principal)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    Body body = Body.parse(call.body(MAX_BODY));
    SessionChange.@Nullable Title title =
        body.has("title") ? new SessionChange.Title(SessionRequest.title(body)) : null;
    // What is so already is not written: a field that nobody changes keeps its manager.
    Map<String, String> before = session.getSpec().metadata();
    Map<String, String> after = Metadata.merge(before, body, false);
    Map<String, String> put = new HashMap<>(after);
    put.entrySet().removeAll(before.entrySet());
    Set<String> removed = new HashSet<>(before.keySet());
    removed.removeAll(after.keySet());
    Optional<Body> agent = body.object("agent");
    @Nullable Function<AgentSnapshot, ObjectNode> tools = null;
    if (agent.isPresent()) {
      tools = agent.get().has("tools") ? withTools(AgentTools.read(agent.get())) : null;
      agent.get().refuseLaterEntries("mcp_servers");
      agent.get().refuseUnknown();
    }
    SessionChange.@Nullable Budget budget =
        body.has("budget") ? new SessionChange.Budget(BudgetWire.read(body)) : null;
    // The contract reserves it: even an empty list is a wish that nobody grants.
    if (body.value("vault_ids") != null) {
      throw body.wrong(
          "vault_ids", "cannot change: a session keeps what it was created with, leave it out");
    }
    body.refuseUnknown();
    boolean same =
        title != null && java.util.Objects.equals(title.text(), session.getSpec().title());
    SessionChange change = new SessionChange(same ? null : title, put, removed, false, budget);
    answer(call, session, keeper.changes().update(session, principal, change, tools));
  }

  /** Makes the agent that follows the one in force, with these tools in place of its own. */
  private static Function<AgentSnapshot, ObjectNode> withTools(List<AgentSpec.Tool> tools) {
    return agent -> {
      // As it is in the log, without the defaults that the wire shows: not every model knows them.
      ObjectNode next = EventCodec.JSON.valueToTree(agent);
      next.set("tools", AgentTools.write(tools));
      return next;
    };
  }

  private void delete(Call call, Session session, String principal) throws WireError {
    Outcome outcome = keeper.changes().delete(session, principal);
    if (outcome instanceof Outcome.Refused refused) {
      throw error(refused, session);
    }
    call.answer(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("id", WireIds.session(session.getMetadata().getUid()))
            .put("type", "session_deleted"));
  }

  private void answer(Call call, @Nullable Session known, Outcome outcome) throws WireError {
    switch (outcome) {
      case Outcome.Done(Session session) -> show(call, session);
      case Outcome.Refused refused -> throw error(refused, known);
    }
  }

  private WireError error(Outcome.Refused refused, @Nullable Session session) {
    return switch (refused.why()) {
      case INVALID ->
          refused.reason() == null
              ? WireError.invalid(refused.message())
              : WireError.invalid(refused.reason(), refused.message());
      case MANAGED_ELSEWHERE, KEY_USED -> WireError.conflict(refused.message());
      case BUSY -> WireError.notNow(refused.message());
      case GONE -> WireError.notFound(refused.message());
      case FULL -> full(refused.message(), session);
    };
  }

  /** A log at its limit stays so; room for all logs together comes when others are deleted. */
  private WireError full(String message, @Nullable Session session) {
    return session == null || logs.of(LogKeys.of(session)).room() == Room.STORE_FULL
        ? new WireError(Type.RATE_LIMIT, message)
        : new WireError(Type.TOO_LARGE, message);
  }
}
