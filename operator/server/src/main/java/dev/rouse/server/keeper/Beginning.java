package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.WireIds;
import dev.rouse.api.reference.Lookup;
import dev.rouse.api.reference.PinnedModel;
import dev.rouse.api.reference.References;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.log.BudgetFault;
import dev.rouse.session.Budget;
import dev.rouse.session.Ids;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.PinnedProvider;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes record 0 of a session out of what its references lead to now. */
final class Beginning {

  /** What a Session's references lead to, as far as record 0 is concerned. */
  sealed interface Answer {

    /** Everything is there. */
    record Ready(InternalEvent.Created created) implements Answer {}

    /** The log begins with another one's records. @param source the session that is forked */
    record Fork(Session source) implements Answer {}

    /**
     * Something is missing, and may come.
     *
     * @param message for people
     * @param reason the wire's own key for it; null where it has none
     */
    record Missing(String message, @Nullable String reason) implements Answer {
      Missing(String message) {
        this(message, null);
      }
    }

    /** The object speaks of a log that is not there: a new one would hide the loss. */
    record Lost(String message) implements Answer {}
  }

  /** Specs in the form of their custom resources: camelCase. */
  private static final ObjectMapper SPECS = new ObjectMapper();

  private final Lookup lookup;
  private final Versions versions;
  private final Ids ids;

  Beginning(Lookup lookup, Versions versions, Ids ids) {
    this.lookup = lookup;
    this.versions = versions;
    this.ids = ids;
  }

  Answer of(Session session) {
    return switch (References.resolve(session, lookup)) {
      case References.Resolved resolved -> ready(session, resolved);
      case References.Forked forked -> new Answer.Fork(forked.source());
      case References.Unresolved(References.Reason reason, String message) ->
          new Answer.Missing(
              message,
              reason == References.Reason.ModelNotBudgetable
                  ? BudgetFault.MODEL_NOT_BUDGETABLE.wireName()
                  : null);
      case References.Pinned _ -> new Answer.Lost(lost(session));
    };
  }

  /** What there is to say of a session that had a log, and has none. */
  static String lost(Session session) {
    return "session %s/%s had a log, and somebody removed it from its store. Restore it from a backup, or delete the Session"
        .formatted(session.getMetadata().getNamespace(), session.getMetadata().getName());
  }

  private Answer ready(Session session, References.Resolved resolved) {
    Agent agent = resolved.agent();
    Integer wanted = session.getSpec().agentRef().version();
    Optional<AgentVersion> version =
        wanted == null
            ? Optional.of(versions.ensure(agent))
            : lookup.agentVersion(agent, wanted).map(spec -> new AgentVersion(wanted, spec));
    SessionSpec.Overrides overrides = session.getSpec().overrides();
    String model = version.map(it -> it.spec().model().id()).orElse("");
    if (wanted == null && !model.equals(agent.getSpec().model().id())) {
      return new Answer.Missing(
          "Agent " + agent.getMetadata().getName() + " is changing; its newest version is awaited");
    }
    return version
        .map(
            it -> overrides == null ? it : new AgentVersion(it.number(), overrides.over(it.spec())))
        // What was judged may have been replaced before it became a version.
        .<Answer>map(it ->
            AgentTools.fault(it.spec().tools(), "spec.tools")
                .<Answer>map(Answer.Missing::new)
                .orElseGet(() -> new Answer.Ready(created(session, resolved, it))))
        .orElseGet(() -> new Answer.Missing("the version of the agent was removed meanwhile"));
  }

  private InternalEvent.Created created(
      Session session, References.Resolved resolved, AgentVersion version) {
    SessionSpec spec = session.getSpec();
    PinnedModel model = resolved.model();
    Budget budget = Budgets.of(spec);
    return new InternalEvent.Created(
        ids.event(),
        InternalEvent.Created.FORMAT,
        session.getMetadata().getUid(),
        session.getMetadata().getNamespace(),
        session.getMetadata().getName(),
        ids.next("sthr"),
        AgentSnapshots.of(resolved.agent(), version),
        environment(resolved.environment()),
        new PinnedProvider(
            model.providerName(),
            model.upstreamModel(),
            model.maxTokens(),
            model.contextWindow(),
            Budgets.pinned(model.price())),
        spec.title(),
        spec.metadata().isEmpty() ? null : Map.copyOf(spec.metadata()),
        budget == null ? null : budget.json());
  }

  private static ObjectNode environment(Environment environment) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", WireIds.environment(environment.getMetadata().getUid()));
    json.put("name", environment.getMetadata().getName());
    json.set("spec", SPECS.valueToTree(environment.getSpec()));
    return json;
  }
}
