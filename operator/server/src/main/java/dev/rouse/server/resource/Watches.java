package dev.rouse.server.resource;

import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the custom resources and work items, and goes on for ever when the API server cannot be
 * reached.
 */
public final class Watches implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /**
   * Starts watching.
   *
   * @param namespaces where; everywhere if empty
   * @param sessions told of Session objects
   * @param catalog told of Agents and Environments
   * @param providers told of ModelProviders
   * @param work told of Leases that are work items
   * @param references told the namespace of an Agent, Environment or ModelProvider that changed
   */
  public Watches(
      KubernetesClient client,
      List<String> namespaces,
      Sessions sessions,
      Catalog catalog,
      Objects<ModelProvider> providers,
      Objects<Lease> work,
      Consumer<String> references) {
    watch(client.resources(Session.class), namespaces, new ObjectHandler<>(sessions, _ -> {}));
    watch(
        client.resources(Agent.class),
        namespaces,
        new ObjectHandler<>(catalog.agents(), references));
    watch(
        client.resources(Environment.class),
        namespaces,
        new ObjectHandler<>(catalog.environments(), references));
    watch(
        client.resources(ModelProvider.class),
        namespaces,
        new ObjectHandler<>(providers, references));
    (namespaces.isEmpty()
            ? Stream.of(client.leases().inAnyNamespace())
            : namespaces.stream().map(client.leases()::inNamespace))
        .map(leases -> leases.withLabel(Rouse.WORK_LABEL).runnableInformer(0))
        .forEach(informer -> start(informer, new ObjectHandler<>(work, _ -> {})));
  }

  private <T extends HasMetadata> void watch(
      MixedOperation<T, KubernetesResourceList<T>, Resource<T>> resources,
      List<String> namespaces,
      ResourceEventHandler<T> handler) {
    Stream<SharedIndexInformer<T>> all =
        namespaces.isEmpty()
            ? Stream.of(resources.inAnyNamespace().runnableInformer(0))
            : namespaces.stream().map(name -> resources.inNamespace(name).runnableInformer(0));
    all.forEach(informer -> start(informer, handler));
  }

  private <T extends HasMetadata> void start(
      SharedIndexInformer<T> informer, ResourceEventHandler<T> handler) {
    informer.addEventHandler(handler);
    informer.exceptionHandler((_, e) -> {
      LOG.atWarn().setCause(e).log("watching {} failed; trying again", informer.getApiTypeClass());
      return true;
    });
    informers.add(informer);
    informer
        .start()
        .whenComplete((_, e) -> {
          if (e != null) {
            LOG.atError().setCause(e).log("watching {} ended for good", informer.getApiTypeClass());
          }
        });
  }

  /** Whether everything that exists was seen at least once. */
  public boolean hasSynced() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private record ObjectHandler<T extends HasMetadata>(
      Objects<T> objects, Consumer<String> namespaces) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      objects.learn(object);
      namespaces.accept(object.getMetadata().getNamespace());
    }

    @Override
    public void onUpdate(T before, T object) {
      objects.learn(object);
      namespaces.accept(object.getMetadata().getNamespace());
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      objects.forget(object);
      namespaces.accept(object.getMetadata().getNamespace());
    }
  }
}
