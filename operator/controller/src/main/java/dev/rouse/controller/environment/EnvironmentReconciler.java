package dev.rouse.controller.environment;

import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentStatus;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.condition.Conditions.Statement;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;

/** Says whether sandboxes can be made from an Environment, or workers run its tools. */
@ControllerConfiguration(name = "environment")
public final class EnvironmentReconciler implements Reconciler<Environment> {

  private final Conditions conditions;

  public EnvironmentReconciler(Clock clock) {
    this.conditions = new Conditions(clock);
  }

  @Override
  public UpdateControl<Environment> reconcile(
      Environment environment, Context<Environment> context) {
    Long generation = environment.getMetadata().getGeneration();
    List<Condition> previous =
        environment.getStatus() == null ? List.of() : environment.getStatus().conditions();
    EnvironmentStatus status =
        new EnvironmentStatus(
            generation, conditions.merge(previous, List.of(judge(environment)), generation));
    if (status.equals(environment.getStatus())) {
      return UpdateControl.noUpdate();
    }
    Environment fresh = new Environment();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(environment.getMetadata().getName())
            .withNamespace(environment.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }

  static Statement judge(Environment environment) {
    if (environment.getSpec().selfHosted()) {
      return Conditions.ready(
          EnvironmentReason.Accepted,
          "workers with a key of this environment run the tools; no sandbox is made here");
    }
    return Conditions.ready(
        EnvironmentReason.Accepted,
        switch (environment.getSpec().networkingOrDefault()) {
          case limited -> "sandboxes can be made; they reach nothing";
          case unrestricted -> "sandboxes can be made; they reach what is outside of the cluster";
        });
  }
}
