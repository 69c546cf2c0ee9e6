package dev.rouse.log.configmap;

import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes, reads and removes the objects that segments are made of. */
final class SegmentObjects {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentObjects.class);

  /** Updates of the tail within which a segment must be named that was written beside them. */
  static final int MOST_MEANWHILE = 32;

  private final ConfigMaps configMaps;
  private final Supplier<String> names;
  private final int maxBytes;

  /**
   * Makes the objects' keeper.
   *
   * @param names gives ends of names, never the same twice
   * @param maxBytes the most compressed bytes in one object
   */
  SegmentObjects(ConfigMaps configMaps, Supplier<String> names, int maxBytes) {
    this.configMaps = configMaps;
    this.names = names;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes a segment that no tail names yet. If it fails, what was written of it is removed.
   *
   * @param revision the last one of the tail whose update may name it
   */
  Segment write(LogKey key, long revision, long from, long to, byte[] bytes) {
    List<String> ends = new ArrayList<>();
    try {
      for (int start = 0; start < bytes.length; start += maxBytes) {
        byte[] part = Arrays.copyOfRange(bytes, start, Math.min(start + maxBytes, bytes.length));
        ends.add(writePart(key, revision, part));
      }
    } catch (OutcomeUnknown e) {
      remove(key, ends);
      // Whatever is there, nothing names it: the log is as it was.
      throw new LogUnavailable("could not write a segment of " + key.describe(), e);
    } catch (LogException e) {
      remove(key, ends);
      throw e;
    }
    return new Segment(from, to, bytes.length, CommitCodec.crc(bytes), ends);
  }

  private String writePart(LogKey key, long revision, byte[] part) {
    while (true) {
      String end = names.get();
      switch (configMaps.create(LogObjects.segment(key, end, revision, part))) {
        case ConfigMaps.Written.Done _ -> {
          return end;
        }
        case ConfigMaps.Written.Stale _ ->
            LOG.atDebug()
                .addKeyValue("session", key.sessionUid())
                .log("the name of a new segment was taken; another is drawn");
        case ConfigMaps.Written.Absent _ ->
            throw new LogUnavailable(
                "namespace " + key.namespace() + " of " + key.describe() + " is gone", null);
      }
    }
  }

  /**
   * A segment's compressed bytes, or empty when an object of it is not there (any more).
   *
   * @throws dev.rouse.log.LogCorrupt when they are not what was written
   */
  Optional<byte[]> read(LogKey key, Segment segment) {
    byte[] bytes = new byte[Math.toIntExact(segment.bytes())];
    int length = 0;
    for (String end : segment.objects()) {
      Optional<ConfigMap> object =
          configMaps.get(key.namespace(), LogObjects.segmentName(key, end));
      if (object.isEmpty()) {
        return Optional.empty();
      }
      byte[] part = decode(key, object.get());
      if (length + part.length > bytes.length) {
        throw LogObjects.corrupt(key, object.get(), "holds more than was written", null);
      }
      System.arraycopy(part, 0, bytes, length, part.length);
      length += part.length;
    }
    if (length != bytes.length || CommitCodec.crc(bytes) != segment.crc()) {
      throw LogObjects.corrupt(
          key,
          key.namespace() + "/" + LogObjects.segmentName(key, segment.objects().getFirst()),
          "does not have the checksum that the tail names",
          null);
    }
    return Optional.of(bytes);
  }

  private static byte[] decode(LogKey key, ConfigMap object) {
    try {
      return LogObjects.records(object);
    } catch (IllegalArgumentException e) {
      throw LogObjects.corrupt(key, object, "is not base64", e);
    }
  }

  /** Removes objects that no tail names. @return whether all are gone */
  boolean remove(LogKey key, Collection<String> ends) {
    boolean all = true;
    for (String end : ends) {
      try {
        configMaps.delete(key.namespace(), LogObjects.segmentName(key, end));
      } catch (LogException e) {
        all = false;
        LOG.atInfo()
            .addKeyValue("namespace", key.namespace())
            .addKeyValue("session", key.sessionUid())
            .setCause(e)
            .log("an unused segment could not be removed; a later sweep removes it");
      }
    }
    return all;
  }

  /**
   * Removes those objects of the log that {@code tail} does not name and no update can name.
   *
   * @return whether no other object is left that it does not name
   */
  boolean sweep(LogKey key, Tail tail, List<ConfigMaps.SegmentObject> objects) {
    Set<String> named = tail.named();
    String prefix = LogObjects.segmentName(key, "");
    List<ConfigMaps.SegmentObject> unnamed =
        objects.stream()
            .filter(object -> !named.contains(object.name().substring(prefix.length())))
            .toList();
    List<String> unused =
        unnamed.stream()
            .filter(object -> object.revision() < tail.revision())
            .map(object -> object.name().substring(prefix.length()))
            .toList();
    return remove(key, unused) && unused.size() == unnamed.size();
  }
}
