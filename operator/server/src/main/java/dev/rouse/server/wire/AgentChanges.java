package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.version.DatedVersion;
import dev.rouse.api.wire.AgentWire;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.resource.OwnedFields;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SpecObjects.Change;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes of agents, each answered with a version that can be read back with exactly that content.
 *
 * <p>The order: the spec that is there becomes a version; the change is judged against it and
 * written if the object is still the same; what was written becomes a version. So a number is never
 * given to two contents, and a change that somebody replaced before it became a version is not
 * answered as one.
 */
final class AgentChanges {

  /** An agent and the version that it is. */
  record Shown(Agent agent, DatedVersion version) {}

  /** Writers of one object are few; a busy one lets somebody else through each time. */
  private static final int ATTEMPTS = 60;

  private final Definitions<Agent> agents;
  private final VersionIndex versions;
  private final Clock clock;
  private final Ids ids;

  AgentChanges(Definitions<Agent> agents, VersionIndex versions, Clock clock, Ids ids) {
    this.agents = agents;
    this.versions = versions;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * @param key by which the request is recognised when it comes again; null for none
   */
  Shown create(String workspace, byte[] body, @Nullable RequestKey key)
      throws WireError, InvalidBody {
    AgentSpec spec = AgentWire.create(Body.parse(body));
    ObjectNode tree = Specs.checked(spec);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Agent> before = agents.before(workspace, key);
      if (before.isPresent()) {
        return show(before.get(), WireIds.agent(before.get().getMetadata().getUid()));
      }
      String name =
          key == null
              ? ObjectNames.of(AgentWire.name(spec, ""), "agent", ids)
              : key.name(agents.kind());
      Optional<Agent> made = agents.make(workspace, name, key, Map.of(), tree);
      if (made.isPresent()) {
        return settled(made.get());
      }
    }
    throw raced("the new agent");
  }

  /**
   * @param id as the caller spelled it
   */
  Shown update(Agent known, String id, byte[] body) throws WireError, InvalidBody {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Agent agent = agents.fresh(known, id);
      Optional<DatedVersion> now = versions.of(agent);
      if (now.isEmpty()) {
        continue;
      }
      AgentWire.Update update =
          AgentWire.update(agent.getSpec(), agent.getMetadata().getName(), Body.parse(body));
      if (!agent.getSpec().takesSessions()) {
        throw WireError.invalid("agent " + id + " is archived and cannot change: create a new one");
      }
      int number = now.get().version().number();
      if (update.version() != null && update.version() != number) {
        throw WireError.conflict(
            "version: agent %s is at version %d, not %d: retrieve it, and send the change again with that version"
                .formatted(id, number, update.version()));
      }
      if (update.spec().equals(agent.getSpec())) {
        return new Shown(agent, now.get());
      }
      Optional<Agent> written = agents.write(change(agent, update.spec(), Map.of()));
      if (written.isPresent()) {
        return settled(written.get());
      }
    }
    throw raced("agent " + id);
  }

  /**
   * @param id as the caller spelled it
   */
  Shown archive(Agent known, String id) throws WireError {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Agent agent = agents.fresh(known, id);
      Optional<DatedVersion> now = versions.of(agent);
      if (now.isEmpty()) {
        continue;
      }
      if (!agent.getSpec().takesSessions()) {
        return new Shown(agent, now.get());
      }
      AgentSpec spec = agent.getSpec();
      AgentSpec archived =
          new AgentSpec(
              spec.displayName(),
              spec.description(),
              spec.model(),
              spec.system(),
              spec.tools(),
              spec.metadata(),
              true);
      Optional<Agent> written = agents.write(change(agent, archived, Archives.now(clock)));
      if (written.isPresent()) {
        return settled(written.get());
      }
    }
    throw raced("agent " + id);
  }

  /** An agent with the version that it is, read anew while it changes under our hands. */
  Shown show(Agent known, String id) throws WireError {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Agent agent = agents.fresh(known, id);
      Optional<DatedVersion> version = versions.of(agent);
      if (version.isPresent()) {
        return new Shown(agent, version.get());
      }
    }
    throw raced("agent " + id);
  }

  private static Change change(Agent agent, AgentSpec after, Map<String, String> annotations)
      throws WireError {
    ObjectNode before = Specs.tree(agent.getSpec());
    OwnedFields.Plan plan = OwnedFields.of(agent).plan(before, Specs.checked(after));
    if (!plan.owners().isEmpty()) {
      throw Definitions.owned(plan.owners());
    }
    return Change.of(agent, annotations, plan.spec());
  }

  private Shown settled(Agent written) throws WireError {
    DatedVersion version =
        versions
            .of(written)
            .orElseThrow(() ->
                WireError.notNow(
                    "Agent %s was changed by somebody else, for example kubectl, before this change became a version: retrieve it, and send the change again"
                        .formatted(written.getMetadata().getName())));
    return new Shown(written, version);
  }

  private static WireError raced(String what) {
    return WireError.notNow(what + " is changed by others all the time: try again");
  }
}
