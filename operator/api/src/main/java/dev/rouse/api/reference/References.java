package dev.rouse.api.reference;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import java.util.Optional;

/**
 * What a Session's references lead to, as a value with questions on it. Before record 0 exists they
 * lead to {@link Resolved}; afterwards, with the provider's name pinned in the status, to {@link
 * Pinned}; or something is missing and {@link Unresolved} says what.
 */
public sealed interface References {

  /** Follows the references of {@code session}. Pure but for {@code lookup}. */
  static References resolve(Session session, Lookup lookup) {
    return new Resolution(session, lookup).resolve();
  }

  /** What pods are made from, if everything that they need is there. */
  default Optional<Backing> backing() {
    return switch (this) {
      case Resolved it -> Optional.of(new Backing(it.environment(), it.provider()));
      case Pinned it -> Optional.of(new Backing(it.environment(), it.provider()));
      case Forked _, Unresolved _ -> Optional.empty();
    };
  }

  /** Everything that record 0 copies. */
  record Resolved(Agent agent, Environment environment, ModelProvider provider, PinnedModel model)
      implements References {}

  /**
   * Record 0 exists and holds the agent: a later change or loss of the Agent object does not matter
   * any more.
   */
  record Pinned(Environment environment, ModelProvider provider) implements References {}

  /** The log begins with another session's; what that one pinned is known when it was copied. */
  record Forked(Environment environment, Session source) implements References {}

  /**
   * Something is missing. Mostly it may come, and the Session heals without being touched; {@link
   * Reason#needsPerson} says when not.
   *
   * @param reason for machines
   * @param message for people: names kind, name and field, and the way out
   */
  record Unresolved(Reason reason, String message) implements References {}

  /** What a brain's and a sandbox's pod are made from. */
  record Backing(Environment environment, ModelProvider provider) {}

  /** Why references do not resolve; also reasons of the Session's condition {@code Ready}. */
  enum Reason {
    /** {@code spec.agentRef.name} names no Agent of the namespace. */
    AgentNotFound,
    /** {@code spec.agentRef.version} names a version that is not stored. */
    AgentVersionNotFound,
    /** The Agent is archived: it takes no new sessions. */
    AgentArchived(true),
    /** The Agent's tools break a rule that no schema can check. */
    AgentInvalid,
    /** The same of a stored version, which does not change any more. */
    AgentVersionInvalid(true),
    /** The same of {@code spec.overrides.tools}. */
    OverridesInvalid(true),
    /** {@code spec.environmentRef.name} names no Environment of the namespace. */
    EnvironmentNotFound,
    /** The Environment is archived: it takes no new sessions. */
    EnvironmentArchived(true),
    /** {@code spec.forkFrom.session} names no Session of the namespace. */
    ForkSourceNotFound,
    /** {@code spec.agentRef.name} is not the agent of the session that is forked. */
    ForkAgentDiffers(true),
    /** No ModelProvider lists the agent's model, and none is the default. */
    ModelNotServed,
    /** {@code spec.budget} is there, and the ModelProvider does not say what the model costs. */
    ModelNotBudgetable,
    /** Two or more ModelProviders list the agent's model, or are the default. */
    ModelAmbiguous,
    /** The ModelProvider that record 0 pins does not exist any more. */
    ModelProviderNotFound;

    private final boolean needsPerson;

    Reason() {
      this(false);
    }

    Reason(boolean needsPerson) {
      this.needsPerson = needsPerson;
    }

    /** Whether it stays so until somebody makes another Session: nothing heals by itself. */
    public boolean needsPerson() {
      return needsPerson;
    }
  }
}
