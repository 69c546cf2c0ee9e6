package dev.rouse.api.reference;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.reference.References.Pinned;
import dev.rouse.api.reference.References.Reason;
import dev.rouse.api.reference.References.Resolved;
import dev.rouse.api.reference.References.Unresolved;
import dev.rouse.api.wire.AgentTools;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One resolution under way: environment, then either the pinned provider or agent and model. */
final class Resolution {

  private final Session session;
  private final Lookup lookup;
  private final String namespace;

  Resolution(Session session, Lookup lookup) {
    this.session = session;
    this.lookup = lookup;
    this.namespace = session.getMetadata().getNamespace();
  }

  References resolve() {
    String name = session.getSpec().environmentRef().name();
    Optional<Environment> environment = lookup.environment(namespace, name);
    if (environment.isEmpty()) {
      return new Unresolved(
          Reason.EnvironmentNotFound,
          "Environment %s (spec.environmentRef.name) does not exist in namespace %s: create it"
              .formatted(name, namespace));
    }
    String pinned = session.getStatus() == null ? null : session.getStatus().provider();
    if (pinned != null) {
      return pinned(environment.get(), pinned);
    }
    if (!environment.get().getSpec().takesSessions()) {
      return new Unresolved(
          Reason.EnvironmentArchived,
          "Environment %s (spec.environmentRef.name) is archived and takes no new sessions: create a new Session with another"
              .formatted(name));
    }
    SessionSpec.ForkFrom fork = session.getSpec().forkFrom();
    return fork == null ? agent(environment.get()) : forked(environment.get(), fork.session());
  }

  private References pinned(Environment environment, String provider) {
    return providers().stream()
        .filter(candidate -> name(candidate).equals(provider))
        .findFirst()
        .<References>map(found -> new Pinned(environment, found))
        .orElseGet(() ->
            new Unresolved(
                Reason.ModelProviderNotFound,
                "ModelProvider %s, which this session is pinned to, does not exist in namespace %s:"
                        .formatted(provider, namespace)
                    + " create it again under that name, or create a new Session"));
  }

  /** The agent object does not matter: what it was stands in the records that are taken over. */
  private References forked(Environment environment, String name) {
    Optional<Session> source = lookup.otherSession(namespace, name);
    if (source.isEmpty()) {
      return new Unresolved(
          Reason.ForkSourceNotFound,
          "Session %s (spec.forkFrom.session) does not exist in namespace %s: create it, or import it there"
              .formatted(name, namespace));
    }
    String agent = source.get().getSpec().agentRef().name();
    return agent.equals(session.getSpec().agentRef().name())
        ? new References.Forked(environment, source.get())
        : new Unresolved(
            Reason.ForkAgentDiffers,
            "Session %s (spec.forkFrom.session) is of Agent %s, and spec.agentRef.name says %s: create a new Session that names %s"
                .formatted(name, agent, session.getSpec().agentRef().name(), agent));
  }

  private References agent(Environment environment) {
    String name = session.getSpec().agentRef().name();
    Optional<Agent> agent = lookup.agent(namespace, name);
    if (agent.isEmpty()) {
      return new Unresolved(
          Reason.AgentNotFound,
          "Agent %s (spec.agentRef.name) does not exist in namespace %s: create it"
              .formatted(name, namespace));
    }
    if (!agent.get().getSpec().takesSessions()) {
      return new Unresolved(
          Reason.AgentArchived,
          "Agent %s (spec.agentRef.name) is archived and takes no new sessions: create a new Session with another"
              .formatted(name));
    }
    Integer version = session.getSpec().agentRef().version();
    Optional<AgentSpec> spec =
        version == null
            ? Optional.of(agent.get().getSpec())
            : lookup.agentVersion(agent.get(), version);
    if (spec.isEmpty()) {
      return new Unresolved(
          Reason.AgentVersionNotFound,
          "Agent %s has no version %d (spec.agentRef.version): create a new Session with one that kubectl get controllerrevisions lists"
              .formatted(name, version));
    }
    Optional<References> invalid = invalid(agent.get(), spec.get());
    if (invalid.isPresent()) {
      return invalid.get();
    }
    SessionSpec.Overrides overrides = session.getSpec().overrides();
    return overrides == null || overrides.model() == null
        ? model(environment, agent.get(), spec.get().model().id())
        : model(environment, agent.get(), overrides.model().id());
  }

  /** Tools that no model would be given: the session must not begin and fail at its first turn. */
  private Optional<References> invalid(Agent agent, AgentSpec spec) {
    SessionSpec.Overrides overrides = session.getSpec().overrides();
    if (overrides != null && overrides.tools() != null) {
      return AgentTools.fault(overrides.tools(), "spec.overrides.tools")
          .map(fault ->
              new Unresolved(
                  Reason.OverridesInvalid,
                  "%s (Session %s): create a new Session without that"
                      .formatted(fault, name(session))));
    }
    Integer version = session.getSpec().agentRef().version();
    return AgentTools.fault(spec.tools(), "spec.tools")
        .map(fault ->
            version == null
                ? new Unresolved(
                    Reason.AgentInvalid,
                    "%s (Agent %s): change it there".formatted(fault, name(agent)))
                : new Unresolved(
                    Reason.AgentVersionInvalid,
                    "%s (version %d of Agent %s): create a new Session with another version"
                        .formatted(fault, version, name(agent))));
  }

  private References model(Environment environment, Agent agent, String model) {
    List<ModelProvider> listing =
        providers().stream().filter(provider -> entry(provider, model).isPresent()).toList();
    List<ModelProvider> candidates =
        listing.isEmpty()
            ? providers().stream().filter(p -> p.getSpec().servesEveryModel()).toList()
            : listing;
    return switch (candidates.size()) {
      case 0 -> new Unresolved(Reason.ModelNotServed, notServed(agent, model));
      case 1 -> {
        PinnedModel pinned = pin(candidates.getFirst(), model);
        yield session.getSpec().budget() == null || pinned.price() != null
            ? new Resolved(agent, environment, candidates.getFirst(), pinned)
            : new Unresolved(
                Reason.ModelNotBudgetable,
                "spec.budget needs to know what model %s costs: list it with its price in spec.models of ModelProvider %s, or create a new Session without a budget"
                    .formatted(model, pinned.providerName()));
      }
      default ->
          new Unresolved(
              Reason.ModelAmbiguous, ambiguous(agent, model, !listing.isEmpty(), candidates));
    };
  }

  private static PinnedModel pin(ModelProvider provider, String model) {
    return entry(provider, model)
        .map(it ->
            new PinnedModel(
                name(provider),
                it.upstreamNameOrDefault(),
                it.maxTokensOrDefault(),
                it.contextWindow(),
                it.price()))
        .orElseGet(
            () -> new PinnedModel(name(provider), model, ModelProviderSpec.DEFAULT_MAX_TOKENS));
  }

  private String notServed(Agent agent, String model) {
    String present =
        providers().isEmpty()
            ? "has no ModelProvider: create one"
            : "has none that does (there is %s): add it to spec.models of one, or set spec.default of one"
                .formatted(names(providers()));
    return "model %s (%s) must be listed by a ModelProvider; namespace %s %s"
        .formatted(model, origin(agent), namespace, present);
  }

  /** Where the model's name stands. */
  private String origin(Agent agent) {
    SessionSpec.Overrides overrides = session.getSpec().overrides();
    return overrides == null || overrides.model() == null
        ? "spec.model.id of Agent " + name(agent)
        : "spec.overrides.model.id of Session " + name(session);
  }

  private String ambiguous(
      Agent agent, String model, boolean listed, List<ModelProvider> candidates) {
    return listed
        ? "model %s (%s) is listed by more than one ModelProvider (%s): remove it from spec.models of all but one"
            .formatted(model, origin(agent), names(candidates))
        : "model %s (%s) is listed by no ModelProvider and more than one is the default (%s): set spec.default of all but one to false"
            .formatted(model, origin(agent), names(candidates));
  }

  private static Optional<ModelProviderSpec.Model> entry(ModelProvider provider, String model) {
    return provider.getSpec().models().stream().filter(it -> it.name().equals(model)).findFirst();
  }

  /** In a stable order, so that messages do not change without a cause. */
  private List<ModelProvider> providers() {
    return lookup.modelProviders(namespace).stream()
        .sorted(Comparator.comparing(Resolution::name))
        .toList();
  }

  private static String names(List<ModelProvider> providers) {
    return providers.stream().map(Resolution::name).collect(Collectors.joining(", "));
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
