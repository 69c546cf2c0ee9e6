package dev.rouse.controller.agent;

import dev.rouse.api.Agent;
import dev.rouse.api.AgentStatus;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.api.version.AgentVersions;
import dev.rouse.api.version.VersionNameTakenException;
import dev.rouse.api.wire.AgentTools;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.condition.Conditions.Statement;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes every spec of an Agent a version, and says which. */
@ControllerConfiguration(name = "agent")
public final class AgentReconciler implements Reconciler<Agent> {

  private static final Duration COLLECTION = Duration.ofSeconds(10);

  private final Conditions conditions;

  public AgentReconciler(Clock clock) {
    this.conditions = new Conditions(clock);
  }

  @Override
  public UpdateControl<Agent> reconcile(Agent agent, Context<Agent> context) {
    try {
      AgentVersion version = AgentVersions.ensure(context.getClient(), agent);
      return update(
          agent,
          version.number(),
          AgentTools.absent(agent.getSpec().tools(), "spec.tools")
              .map(absent -> Conditions.notReady(AgentReason.NotSupported, absent))
              .or(() ->
                  AgentTools.fault(agent.getSpec().tools(), "spec.tools")
                      .map(fault -> Conditions.notReady(AgentReason.SpecInvalid, fault)))
              .orElseGet(() ->
                  Conditions.ready(
                      AgentReason.VersionStored,
                      "stored as ControllerRevision "
                          + AgentVersions.name(agent, version.number()))));
    } catch (VersionNameTakenException e) {
      return update(
              agent,
              agent.getStatus() == null ? null : agent.getStatus().version(),
              Conditions.notReady(AgentReason.VersionNameTaken, String.valueOf(e.getMessage())))
          .rescheduleAfter(COLLECTION);
    }
  }

  private UpdateControl<Agent> update(Agent agent, @Nullable Integer version, Statement statement) {
    Long generation = agent.getMetadata().getGeneration();
    List<Condition> previous =
        agent.getStatus() == null ? List.of() : agent.getStatus().conditions();
    AgentStatus status =
        new AgentStatus(
            version, generation, conditions.merge(previous, List.of(statement), generation));
    if (status.equals(agent.getStatus())) {
      return UpdateControl.noUpdate();
    }
    Agent fresh = new Agent();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(agent.getMetadata().getName())
            .withNamespace(agent.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }
}
