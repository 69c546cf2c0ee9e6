package dev.rouse.controller.provider;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderStatus;
import dev.rouse.controller.condition.Conditions;
import dev.rouse.controller.condition.Conditions.Statement;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says whether a provider's key is there, and whether two providers claim to be the default. */
@ControllerConfiguration(name = "modelprovider")
public final class ModelProviderReconciler implements Reconciler<ModelProvider> {

  private final Conditions conditions;
  private final Duration recheck;

  /**
   * Every provider. Not the primary cache: what brings the event of a neighbour's change or end
   * must also be what is read, or the last reconciliation may see the neighbour as it was before.
   */
  private @Nullable InformerEventSource<ModelProvider, ModelProvider> neighbours;

  /**
   * @param recheck how often a missing key is asked for
   */
  public ModelProviderReconciler(Clock clock, Duration recheck) {
    this.conditions = new Conditions(clock);
    this.recheck = recheck;
  }

  /** A provider that becomes the default concerns every other of its namespace. */
  @Override
  public List<EventSource<?, ModelProvider>> prepareEventSources(
      EventSourceContext<ModelProvider> context) {
    InformerEventSource<ModelProvider, ModelProvider> source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ModelProvider.class, ModelProvider.class)
                .withName("neighbours")
                .withSecondaryToPrimaryMapper(changed -> neighbours(context, changed))
                .withOnUpdateFilter((now, before) ->
                    now.getSpec().servesEveryModel() != before.getSpec().servesEveryModel())
                .withNamespacesInheritedFromController()
                .build(),
            context);
    neighbours = source;
    return List.of(source);
  }

  @Override
  public UpdateControl<ModelProvider> reconcile(
      ModelProvider provider, Context<ModelProvider> context) {
    KeyState key = KeyState.of(context.getClient(), provider);
    List<String> others =
        Objects.requireNonNull(neighbours, "reconciled before its event sources were made")
            .list(
                provider.getMetadata().getNamespace(),
                other -> other.getSpec().servesEveryModel() && isAnother(provider, other))
            .map(other -> other.getMetadata().getName())
            .toList();
    UpdateControl<ModelProvider> control = update(provider, judge(provider, key, others));
    return switch (key) {
      case KeyState.Found _, KeyState.NotNeeded _ -> control;
      case KeyState.Missing _ -> control.rescheduleAfter(recheck);
    };
  }

  static Statement judge(ModelProvider provider, KeyState key, List<String> otherDefaults) {
    return switch (key) {
      case KeyState.Missing(ProviderReason reason, String message) ->
          Conditions.notReady(reason, message);
      case KeyState.Found _ ->
          unlessAmbiguous(
              provider,
              otherDefaults,
              Conditions.ready(ProviderReason.KeyFound, "the key is there"));
      case KeyState.NotNeeded _ ->
          unlessAmbiguous(
              provider,
              otherDefaults,
              Conditions.ready(
                  ProviderReason.NoKeyNeeded, "spec.secretRef is left out: no key is sent"));
    };
  }

  private static Statement unlessAmbiguous(
      ModelProvider provider, List<String> otherDefaults, Statement ready) {
    return provider.getSpec().servesEveryModel() && !otherDefaults.isEmpty()
        ? Conditions.notReady(
            ProviderReason.DefaultNotUnique,
            "more than one ModelProvider of the namespace is the default (%s): set spec.default of all but one to false"
                .formatted(names(provider, otherDefaults)))
        : ready;
  }

  private UpdateControl<ModelProvider> update(ModelProvider provider, Statement statement) {
    Long generation = provider.getMetadata().getGeneration();
    List<Condition> previous =
        provider.getStatus() == null ? List.of() : provider.getStatus().conditions();
    ModelProviderStatus status =
        new ModelProviderStatus(
            generation, conditions.merge(previous, List.of(statement), generation));
    if (status.equals(provider.getStatus())) {
      return UpdateControl.noUpdate();
    }
    ModelProvider fresh = new ModelProvider();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(provider.getMetadata().getName())
            .withNamespace(provider.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }

  private static Set<ResourceID> neighbours(
      EventSourceContext<ModelProvider> context, ModelProvider changed) {
    return context
        .getPrimaryCache()
        .list(changed.getMetadata().getNamespace(), other -> isAnother(changed, other))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static boolean isAnother(ModelProvider one, ModelProvider other) {
    return !Objects.equals(other.getMetadata().getName(), one.getMetadata().getName());
  }

  private static String names(ModelProvider provider, List<String> others) {
    return Stream.concat(Stream.of(provider.getMetadata().getName()), others.stream())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
