package dev.rouse.controller;

import dev.rouse.api.Rouse;
import dev.rouse.api.probe.Meters;
import dev.rouse.controller.agent.AgentReconciler;
import dev.rouse.controller.environment.EnvironmentReconciler;
import dev.rouse.controller.event.EventRecorder;
import dev.rouse.controller.metrics.PodMeters;
import dev.rouse.controller.metrics.ReconcileMeters;
import dev.rouse.controller.metrics.Stopwatch;
import dev.rouse.controller.provider.ModelProviderReconciler;
import dev.rouse.controller.session.SessionReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts the operator together: the same one for the program and for its tests. */
public final class Operators {

  private static final String LEASE = "rouse-operator";
  private static final int THREADS = 16;

  private Operators() {}

  /**
   * An operator that is not started yet.
   *
   * @param suffixes makes names of Events unique
   * @param leaseLost run when the leader's Lease is lost, and also when it is given up at the end
   * @param meters what it counts into
   */
  public static Operator create(
      KubernetesClient client,
      Settings settings,
      Clock clock,
      Supplier<String> suffixes,
      Runnable leaseLost,
      Meters meters) {
    Stopwatch watch = new Stopwatch(clock);
    ReconcileMeters reconciliations = new ReconcileMeters(meters, watch);
    LeaderCallbacks leading = leading(settings, leaseLost, meters);
    Operator operator =
        new Operator(overrider ->
            configure(overrider.withMetrics(reconciliations), client, settings, leading));
    EventRecorder events = new EventRecorder(client, clock, suffixes);
    register(operator, new AgentReconciler(clock), settings, _ -> {});
    register(operator, new EnvironmentReconciler(clock), settings, _ -> {});
    register(
        operator, new ModelProviderReconciler(clock, settings.secretRecheck()), settings, _ -> {});
    register(
        operator,
        SessionReconciler.of(settings, clock, events, new PodMeters(meters, watch)),
        settings,
        it -> it.withOnUpdateFilter(SessionReconciler::concerns));
    return operator;
  }

  /** Where no leader is elected, the only one leads. */
  private static LeaderCallbacks leading(Settings settings, Runnable leaseLost, Meters meters) {
    AtomicBoolean leads = new AtomicBoolean(!settings.leaderElection());
    meters.gauge(
        "rouse.leader",
        "1 for the operator that acts, 0 for one that waits",
        leads,
        it -> it.get() ? 1 : 0);
    return new LeaderCallbacks(
        () -> leads.set(true),
        () -> {
          leads.set(false);
          leaseLost.run();
        },
        _ -> {});
  }

  private static void configure(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      Settings settings,
      LeaderCallbacks leading) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withConcurrentReconciliationThreads(THREADS)
        .withUseSSAToPatchPrimaryResource(true)
        .withReconciliationTerminationTimeout(Duration.ofSeconds(2))
        // Without its CRDs or its rights it is of no use: end, say so, and be started again.
        .withStopOnInformerErrorDuringStartup(true);
    if (settings.leaderElection()) {
      overrider.withLeaderElectionConfiguration(
          LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
              .withLeaseNamespace(settings.namespace())
              // The framework's own exit also runs while the JVM already ends, and blocks it.
              .withExitOnStopLeading(false)
              .withLeaderCallbacks(leading)
              .build());
    }
  }

  private static <P extends HasMetadata> void register(
      Operator operator,
      Reconciler<P> reconciler,
      Settings settings,
      Consumer<ControllerConfigurationOverrider<P>> more) {
    operator.register(
        reconciler,
        overrider -> {
          overrider
              .withFieldManager(Rouse.OPERATOR_MANAGER)
              .withRetry(
                  new GenericRetry()
                      .setInitialInterval(200)
                      .setIntervalMultiplier(2)
                      .setMaxInterval(30_000)
                      .withoutMaxAttempts());
          if (settings.watchNamespaces().isEmpty()) {
            overrider.watchingAllNamespaces();
          } else {
            overrider.settingNamespaces(settings.watchNamespaces());
          }
          more.accept(overrider);
        });
  }
}
