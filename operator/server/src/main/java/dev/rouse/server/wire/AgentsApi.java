package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.AgentHistory;
import dev.rouse.server.resource.Catalog;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/agents} (contract §1.2): Agent objects, and their versions. */
final class AgentsApi implements Section {

  /** More than any agent may have, and little enough to hold many at once. */
  static final int BODY = 4 * 1024 * 1024;

  private final Definitions<Agent> agents;
  private final AgentHistory history;
  private final VersionIndex versions;
  private final AgentChanges changes;

  AgentsApi(Catalog catalog, Clock clock, Ids ids) {
    this.agents =
        new Definitions<>("agent", WireIds::agentUidOf, catalog.agents(), catalog.agentSpecs());
    this.history = catalog.versions();
    this.versions = new VersionIndex(history);
    this.changes = new AgentChanges(agents, versions, clock, ids);
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    String id = places.isEmpty() ? "" : places.getFirst();
    switch (endpoint) {
      case AGENT_CREATE -> {
        String workspace = visitor.workspace();
        visitor.require(endpoint, workspace, null);
        byte[] body = call.body(BODY);
        answer(call, changes.create(workspace, body, IdempotencyKey.of(call, visitor, body)));
      }
      case AGENT_LIST -> {
        String workspace = visitor.workspace();
        visitor.require(endpoint, workspace, null);
        call.answer(200, list(workspace, ListQuery.of(call)));
      }
      case AGENT -> show(call, agents.find(visitor, endpoint, id), id);
      case AGENT_UPDATE -> {
        Agent agent = agents.find(visitor, endpoint, id);
        answer(call, changes.update(agent, id, call.body(BODY)));
      }
      case AGENT_ARCHIVE -> answer(call, changes.archive(agents.find(visitor, endpoint, id), id));
      case AGENT_VERSIONS -> {
        Agent agent = agents.find(visitor, endpoint, id);
        call.answer(200, versions(agent, id, ListQuery.of(call)));
      }
      default -> throw new IllegalArgumentException("not an endpoint of agents: " + endpoint);
    }
  }

  private static void answer(Call call, AgentChanges.Shown shown) {
    call.answer(200, AgentBody.of(shown.agent(), shown.version()));
  }

  private void show(Call call, Agent agent, String id) throws WireError {
    Optional<String> wanted = call.query("version");
    if (wanted.isEmpty()) {
      answer(call, changes.show(agent, id));
      return;
    }
    int number = wanted.get().matches("[1-9][0-9]{0,8}") ? Integer.parseInt(wanted.get()) : 0;
    if (number == 0) {
      throw WireError.invalid("version: must be a whole number from 1");
    }
    Agent now = agents.fresh(agent, id);
    DatedVersion version =
        history
            .read(now, number)
            .or(() -> versions.of(now).filter(it -> it.version().number() == number))
            .orElseThrow(
                () -> WireError.notFound("agent %s has no version %d".formatted(id, number)));
    call.answer(200, AgentBody.of(now, version));
  }

  private ObjectNode list(String workspace, ListQuery query) throws WireError {
    Definitions.Page<Agent> page =
        agents.page(workspace, query, agent -> !agent.getSpec().takesSessions());
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    for (Agent agent : page.objects()) {
      body(agent).ifPresent(data::add);
    }
    return page(data, page.next());
  }

  /** Empty if the agent went while it was looked at. */
  private Optional<ObjectNode> body(Agent agent) throws WireError {
    Optional<DatedVersion> version = versions.of(agent);
    if (version.isPresent()) {
      return Optional.of(AgentBody.of(agent, version.get()));
    }
    // What is known lags behind.
    try {
      AgentChanges.Shown shown = changes.show(agent, WireIds.agent(agent.getMetadata().getUid()));
      return Optional.of(AgentBody.of(shown.agent(), shown.version()));
    } catch (WireError e) {
      if (e.type() == WireError.Type.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ObjectNode versions(Agent agent, String id, ListQuery query) throws WireError {
    String list = "versions of " + agent.getMetadata().getUid();
    int before = Integer.MAX_VALUE;
    if (query.page().isPresent()) {
      String first = ListCursor.decode(query.page().get(), list).first();
      before = first.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(first) : 0;
    }
    // So that the newest is among them.
    Agent now = changes.show(agent, id).agent();
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    String next = null;
    int last = 0;
    for (DatedVersion version : history.all(now)) {
      if (version.version().number() >= before) {
        continue;
      }
      if (data.size() == query.limit()) {
        next = new ListCursor(list, Integer.toString(last), "").encode();
        break;
      }
      data.add(AgentBody.of(now, version));
      last = version.version().number();
    }
    return page(data, next);
  }

  /** The body of a page. */
  static ObjectNode page(ArrayNode data, @Nullable String next) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("data", data);
    body.put("next_page", next);
    return body;
  }
}
