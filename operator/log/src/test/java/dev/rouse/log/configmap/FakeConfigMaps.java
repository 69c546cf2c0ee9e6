package dev.rouse.log.configmap;

import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An API server's ConfigMaps in memory, which fails at the write it is told to. */
final class FakeConfigMaps implements ConfigMaps {

  /** How a write fails. */
  enum Fault {
    REFUSED,
    LOST_BEFORE,
    LOST_AFTER,
    /** Like a process that dies: this write is done, and nothing after it ever answers. */
    DIES_AFTER,
    DIES_BEFORE
  }

  private final Map<String, ConfigMap> objects = new TreeMap<>();
  private final List<String> writes = new ArrayList<>();
  private long version;
  private int faultAt = -1;
  private Fault fault = Fault.REFUSED;
  private boolean dead;

  /** Plans a fault at the {@code nth} write from now on, counted from 1. */
  synchronized void fail(int nth, Fault how) {
    faultAt = writes.size() + nth;
    fault = how;
  }

  /** Forgets planned faults; whoever was dead is another process now. */
  synchronized void heal() {
    faultAt = -1;
    dead = false;
  }

  /** All writes so far, for example {@code update default/rouse-1}. */
  synchronized List<String> writes() {
    return List.copyOf(writes);
  }

  synchronized List<String> names() {
    return List.copyOf(objects.keySet());
  }

  synchronized void tamper(String name, ConfigMap object) {
    objects.put(name, object);
  }

  synchronized void vanish(String name) {
    objects.remove(name);
  }

  @Override
  public synchronized Optional<ConfigMap> get(String namespace, String name) {
    if (dead) {
      throw new LogUnavailable("the process is dead", null);
    }
    return Optional.ofNullable(objects.get(namespace + "/" + name));
  }

  @Override
  public synchronized Written create(ConfigMap object) {
    return write(
        "create",
        LogObjects.nameOf(object),
        () -> {
          if (objects.containsKey(LogObjects.nameOf(object))) {
            return new Written.Stale();
          }
          return put(object);
        });
  }

  @Override
  public synchronized Written update(ConfigMap object) {
    return write(
        "update",
        LogObjects.nameOf(object),
        () -> {
          ConfigMap now = objects.get(LogObjects.nameOf(object));
          if (now == null) {
            return new Written.Absent();
          }
          if (Boolean.TRUE.equals(now.getImmutable())) {
            throw new AssertionError("an immutable object was updated: " + now.getMetadata());
          }
          String expected = object.getMetadata().getResourceVersion();
          if (expected == null) {
            throw new AssertionError("an object was overwritten blindly: " + now.getMetadata());
          }
          return expected.equals(now.getMetadata().getResourceVersion())
              ? put(object)
              : new Written.Stale();
        });
  }

  @Override
  public synchronized void delete(String namespace, String name) {
    write(
        "delete",
        namespace + "/" + name,
        () -> {
          ConfigMap gone = objects.remove(namespace + "/" + name);
          return gone == null ? new Written.Absent() : new Written.Done(gone);
        });
  }

  @Override
  public synchronized List<SegmentObject> segments(String namespace, String sessionUid) {
    if (dead) {
      throw new LogUnavailable("the process is dead", null);
    }
    return objects.values().stream()
        .filter(object -> namespace.equals(object.getMetadata().getNamespace()))
        .filter(object ->
            sessionUid.equals(object.getMetadata().getLabels().get(LogObjects.LOG))
                && LogObjects.SEGMENT.equals(object.getMetadata().getLabels().get(LogObjects.PART)))
        .map(object ->
            new SegmentObject(
                object.getMetadata().getName(),
                Long.parseLong(object.getMetadata().getAnnotations().get(LogObjects.REVISION))))
        .toList();
  }

  private Written put(ConfigMap object) {
    int size = object.getBinaryData().values().stream().mapToInt(String::length).sum() * 3 / 4;
    if (size > 1024 * 1024) {
      throw new AssertionError("no API server takes an object of " + size + " bytes");
    }
    ConfigMap stored =
        new ConfigMapBuilder(object)
            .editMetadata()
            .withResourceVersion(Long.toString(++version))
            .endMetadata()
            .build();
    objects.put(LogObjects.nameOf(object), stored);
    return new Written.Done(stored);
  }

  private interface Effect {
    Written apply();
  }

  private Written write(String verb, String name, Effect effect) {
    if (dead) {
      throw new OutcomeUnknown("the process is dead", null);
    }
    writes.add(verb + " " + name);
    if (writes.size() != faultAt) {
      return effect.apply();
    }
    if (fault == Fault.REFUSED) {
      throw new LogUnavailable("planned refusal of " + writes.getLast(), null);
    }
    if (fault == Fault.LOST_AFTER || fault == Fault.DIES_AFTER) {
      effect.apply();
    }
    dead = fault == Fault.DIES_AFTER || fault == Fault.DIES_BEFORE;
    throw new OutcomeUnknown("planned " + fault + " of " + writes.getLast(), null);
  }
}
