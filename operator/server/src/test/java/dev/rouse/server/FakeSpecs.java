package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import dev.rouse.server.resource.FieldOwner;
import dev.rouse.server.resource.SpecObjects;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Objects of one kind in memory, with resource versions, generations and two field managers (the
 * API and kubectl) whose fields are told apart at the top of the spec; and failures on demand.
 */
public final class FakeSpecs<T extends HasMetadata> implements SpecObjects<T> {

  /** The manager of everything that the API does not own. */
  public static final String KUBECTL = "kubectl-edit";

  /** What is kept of an object: its JSON and the spec that the API last applied. */
  private record Kept(ObjectNode json, ObjectNode applied) {}

  private final Class<T> type;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final List<Consumer<T>> watchers = new CopyOnWriteArrayList<>();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private long version = 1000;
  private int stale;
  private int failures;
  private Runnable afterApply = () -> {};

  public FakeSpecs(Class<T> type) {
    this.type = type;
  }

  /** Tells of every object that is written from now on. */
  public void watch(Consumer<T> watcher) {
    watchers.add(watcher);
  }

  /** The next changes meet a change of somebody else. */
  public synchronized void staleNext(int times) {
    stale = times;
  }

  /** The next reads and changes find no API server. */
  public synchronized void failNext(int times) {
    failures = times;
  }

  private void failIfPlanned() {
    if (failures > 0) {
      failures--;
      throw new KubernetesClientException("planned failure", 500, null);
    }
  }

  /** Runs once, after the next change was written and before anybody is told. */
  public synchronized void afterNextApply(Runnable action) {
    afterApply = action;
  }

  /** A second passes. */
  public synchronized void tick() {
    now = now.plusSeconds(1);
  }

  /** Makes an object as kubectl does. */
  public synchronized T create(String namespace, String name, String spec) {
    return store(
        fresh(namespace, name, Serialization.unmarshal("---\n" + spec, ObjectNode.class)),
        JsonNodeFactory.instance.objectNode());
  }

  /** Changes a spec as kubectl does; what it sets is its own from then on. */
  public synchronized T edit(String name, UnaryOperator<ObjectNode> change) {
    Kept found =
        kept.values().stream()
            .filter(it -> it.json().at("/metadata/name").asText().equals(name))
            .findFirst()
            .orElseThrow();
    ObjectNode json = found.json().deepCopy();
    ObjectNode before = (ObjectNode) found.json().path("spec");
    ObjectNode after = change.apply(before.deepCopy());
    ObjectNode applied = found.applied().deepCopy();
    after.properties().stream()
        .filter(it -> !it.getValue().equals(before.get(it.getKey())))
        .forEach(it -> applied.remove(it.getKey()));
    return store(withSpec(json, after), applied);
  }

  private ObjectNode fresh(String namespace, String name, ObjectNode spec) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", HasMetadata.getApiVersion(type)).put("kind", HasMetadata.getKind(type));
    json.putObject("metadata")
        .put("namespace", namespace)
        .put("name", name)
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", now.toString())
        .put("generation", 0);
    return withSpec(json, spec);
  }

  private static ObjectNode withSpec(ObjectNode json, ObjectNode spec) {
    ObjectNode metadata = (ObjectNode) json.path("metadata");
    if (!spec.equals(json.path("spec"))) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    json.set("spec", spec);
    return json;
  }

  private T store(ObjectNode json, ObjectNode applied) {
    ObjectNode metadata = (ObjectNode) json.path("metadata");
    metadata.put("resourceVersion", Long.toString(++version));
    ObjectNode others = ((ObjectNode) json.path("spec")).deepCopy();
    applied.fieldNames().forEachRemaining(others::remove);
    metadata.set(
        "managedFields",
        Serialization.jsonMapper()
            .valueToTree(
                List.of(
                    entry(KUBECTL, "Update", others), entry(Rouse.API_MANAGER, "Apply", applied))));
    kept.put(metadata.path("uid").asText(), new Kept(json, applied));
    T object = object(json);
    watchers.forEach(watcher -> watcher.accept(object));
    return object;
  }

  private ManagedFieldsEntry entry(String manager, String operation, ObjectNode spec) {
    FieldsV1 fields = new FieldsV1();
    fields.setAdditionalProperty("f:spec", fields(spec));
    return new ManagedFieldsEntryBuilder()
        .withManager(manager)
        .withOperation(operation)
        .withTime(now.toString())
        .withFieldsV1(fields)
        .build();
  }

  private static ObjectNode fields(JsonNode json) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    if (json.isObject()) {
      json.properties().forEach(it -> fields.set("f:" + it.getKey(), fields(it.getValue())));
    }
    return fields;
  }

  private T object(ObjectNode json) {
    return Serialization.unmarshal(json.toString(), type);
  }

  @Override
  public synchronized Optional<T> read(String namespace, String name) {
    failIfPlanned();
    return list(namespace).stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst();
  }

  @Override
  public synchronized List<T> list(String namespace) {
    return kept.values().stream()
        .map(it -> object(it.json()))
        .filter(it -> it.getMetadata().getNamespace().equals(namespace))
        .toList();
  }

  @Override
  public Applied<T> apply(Change change) {
    Applied<T> applied;
    Runnable then;
    synchronized (this) {
      failIfPlanned();
      applied = change.isNew() ? make(change) : alter(change);
      then = afterApply;
      afterApply = () -> {};
    }
    then.run();
    return applied;
  }

  private Applied<T> make(Change change) {
    boolean taken =
        list(change.namespace()).stream()
            .anyMatch(it -> it.getMetadata().getName().equals(change.name()));
    if (taken) {
      return new Applied.Taken<>();
    }
    ObjectNode json = fresh(change.namespace(), change.name(), change.spec());
    annotate(json, change.annotations());
    return new Applied.Done<>(store(json, change.spec()));
  }

  private static void annotate(ObjectNode json, Map<String, String> annotations) {
    ((ObjectNode) json.path("metadata"))
        .set("annotations", Serialization.jsonMapper().valueToTree(annotations));
  }

  private Applied<T> alter(Change change) {
    Kept found = kept.get(change.uid());
    if (stale > 0
        || found == null
        || !found
            .json()
            .at("/metadata/resourceVersion")
            .asText()
            .equals(change.resourceVersion())) {
      stale = Math.max(0, stale - 1);
      return new Applied.Stale<>();
    }
    ObjectNode spec = ((ObjectNode) found.json().path("spec")).deepCopy();
    List<FieldOwner> owners = new ArrayList<>();
    change.spec().properties().stream()
        .filter(it -> spec.has(it.getKey()) && !found.applied().has(it.getKey()))
        .filter(it -> !Objects.equals(it.getValue(), spec.get(it.getKey())))
        .forEach(it -> owners.add(new FieldOwner(KUBECTL, ".spec." + it.getKey())));
    if (!owners.isEmpty()) {
      return new Applied.Owned<>(owners);
    }
    found.applied().fieldNames().forEachRemaining(spec::remove);
    spec.setAll(change.spec());
    ObjectNode json = withSpec(found.json().deepCopy(), spec);
    annotate(json, change.annotations());
    return new Applied.Done<>(store(json, change.spec()));
  }

  @Override
  public synchronized Optional<T> unmark(T read) {
    failIfPlanned();
    Kept found = kept.get(read.getMetadata().getUid());
    if (found == null) {
      return Optional.empty();
    }
    ObjectNode json = found.json().deepCopy();
    if (json.at("/metadata/annotations") instanceof ObjectNode annotations) {
      annotations.remove(Rouse.CREATING_ANNOTATION);
    }
    return Optional.of(store(json, found.applied()));
  }

  @Override
  public synchronized boolean delete(T read) {
    Kept found = kept.get(read.getMetadata().getUid());
    boolean same =
        found != null
            && found
                .json()
                .at("/metadata/resourceVersion")
                .asText()
                .equals(read.getMetadata().getResourceVersion());
    if (same) {
      kept.remove(read.getMetadata().getUid());
    }
    return same;
  }
}
