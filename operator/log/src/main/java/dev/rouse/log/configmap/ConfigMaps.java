package dev.rouse.log.configmap;

import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Optional;

/**
 * The few calls that the store makes. Reads throw {@link LogUnavailable}; writes throw it when
 * nothing was written, {@link OutcomeUnknown} when that is not sure, and {@link LogTooLarge} when
 * the API server does not take an object of this size.
 */
interface ConfigMaps {

  /** What became of a write. */
  sealed interface Written {

    /** Durable; {@code object} as it is now. */
    record Done(ConfigMap object) implements Written {}

    /** Not written: the name is taken, or the resource version is not the last. */
    record Stale() implements Written {}

    /** Not written: the object to update is not there. */
    record Absent() implements Written {}
  }

  /** A segment object, without its contents. */
  record SegmentObject(String name, long revision) {}

  /** The object as it is now, not from a cache. */
  Optional<ConfigMap> get(String namespace, String name);

  Written create(ConfigMap object);

  Written update(ConfigMap object);

  /** Removes an object; one that is not there is removed. */
  void delete(String namespace, String name);

  /** All segment objects of a log. Scans a namespace: not for a request's path. */
  List<SegmentObject> segments(String namespace, String sessionUid);
}
