package dev.rouse.log.configmap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogTooNew;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How tails and segments look as ConfigMaps. */
final class LogObjects {

  /** On every object of a log; the value is the session's UID. */
  static final String LOG = "rouse.dev/log";

  /** {@code tail} or {@code segment}. */
  static final String PART = "rouse.dev/log-part";

  static final String TAIL = "tail";
  static final String SEGMENT = "segment";

  /** On tails, for the metadata-only watch. */
  static final String HEAD = "rouse.dev/log-head";

  /** On tails, for the metadata-only watch. */
  static final String BYTES = "rouse.dev/log-bytes";

  /** On segments: the tail's last revision whose update may name it. */
  static final String REVISION = "rouse.dev/log-revision";

  private static final String FORMAT = "1";
  private static final String RECORDS = "records";
  private static final TypeReference<List<Segment>> SEGMENTS = new TypeReference<>() {};

  private LogObjects() {}

  static String tailName(LogKey key) {
    return tailName(key.sessionUid());
  }

  static String tailName(String sessionUid) {
    return "rouse-" + sessionUid;
  }

  static String segmentName(LogKey key, String end) {
    return tailName(key) + "-" + end;
  }

  static ConfigMap tail(LogKey key, Tail tail) {
    return new ConfigMapBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(key.namespace())
                .withName(tailName(key))
                .withResourceVersion(
                    tail.resourceVersion().isEmpty() ? null : tail.resourceVersion())
                .withLabels(labels(key, TAIL))
                .addToAnnotations(HEAD, Long.toString(tail.head()))
                .addToAnnotations(BYTES, Long.toString(tail.bytes()))
                .withOwnerReferences(owner(key))
                .build())
        .withData(
            Map.of(
                "format", FORMAT,
                "revision", Long.toString(tail.revision()),
                "head", Long.toString(tail.head()),
                "epoch", Integer.toString(tail.epoch()),
                "segments", json(tail.segments())))
        .withBinaryData(Map.of(RECORDS, Base64.getEncoder().encodeToString(tail.open().packed())))
        .build();
  }

  static ConfigMap segment(LogKey key, String end, long revision, byte[] bytes) {
    return new ConfigMapBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(key.namespace())
                .withName(segmentName(key, end))
                .withLabels(labels(key, SEGMENT))
                .addToAnnotations(REVISION, Long.toString(revision))
                .withOwnerReferences(owner(key))
                .build())
        .withImmutable(true)
        .withBinaryData(Map.of(RECORDS, Base64.getEncoder().encodeToString(bytes)))
        .build();
  }

  /**
   * What a tail object says.
   *
   * @throws LogCorrupt when it does not say what we wrote
   * @throws LogTooNew when its format is not known
   */
  static Tail readTail(LogKey key, ConfigMap object) {
    Map<String, String> data = object.getData();
    if (data == null || !data.containsKey("format")) {
      if (!isMarkedFor(key, object)) {
        throw new LogCorrupt(
            "ConfigMap "
                + nameOf(object)
                + " has the name of the log of "
                + key.describe()
                + " and is none: somebody else made it. Nothing was written; delete that ConfigMap,"
                + " and the session goes on",
            null);
      }
      throw corrupt(key, object, "has no field data.format", null);
    }
    if (!FORMAT.equals(data.get("format"))) {
      throw new LogTooNew(
          "ConfigMap "
              + nameOf(object)
              + " holds a log of format "
              + data.get("format")
              + ": it needs a newer version of Rouse",
          null);
    }
    try {
      Tail tail =
          new Tail(
              object.getMetadata().getResourceVersion(),
              number(data, "revision"),
              number(data, "head"),
              Math.toIntExact(number(data, "epoch")),
              EventCodec.JSON.readValue(field(data, "segments"), SEGMENTS),
              Open.read(records(object)));
      checkGapless(tail);
      return tail;
    } catch (IllegalArgumentException | ArithmeticException | JsonProcessingException e) {
      throw corrupt(key, object, "does not hold what was written: " + e.getMessage(), e);
    }
  }

  /** The compressed records of a tail or segment object. */
  static byte[] records(ConfigMap object) {
    Map<String, String> binary = object.getBinaryData();
    String records = binary == null ? null : binary.get(RECORDS);
    return records == null ? new byte[0] : Base64.getDecoder().decode(records);
  }

  static LogCorrupt corrupt(LogKey key, ConfigMap object, String what, @Nullable Throwable cause) {
    return corrupt(key, nameOf(object), what, cause);
  }

  static LogCorrupt corrupt(LogKey key, String object, String what, @Nullable Throwable cause) {
    return new LogCorrupt(
        "ConfigMap "
            + object
            + ", part of the log of "
            + key.describe()
            + ", "
            + what
            + ". It was changed or removed by somebody else; nothing was written. Restore it from a"
            + " backup, or delete the Session",
        cause);
  }

  private static boolean isMarkedFor(LogKey key, ConfigMap object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && key.sessionUid().equals(labels.get(LOG));
  }

  static String nameOf(ConfigMap object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  private static void checkGapless(Tail tail) {
    long next = 0;
    for (Segment segment : tail.segments()) {
      if (segment.from() != next) {
        throw new IllegalArgumentException("no segment begins at record " + next);
      }
      next = segment.to() + 1;
    }
    boolean openIsEmpty = tail.open().isEmpty();
    if (openIsEmpty ? tail.head() != next - 1 : tail.head() < next) {
      throw new IllegalArgumentException("head " + tail.head() + " does not fit the segments");
    }
  }

  private static Map<String, String> labels(LogKey key, String part) {
    return Map.of(LOG, key.sessionUid(), PART, part, "app.kubernetes.io/managed-by", "rouse");
  }

  /**
   * The garbage collector removes the log with its Session, in any order: blocking the Session's
   * deletion would need a right on its finalizers and gain nothing.
   */
  private static OwnerReference owner(LogKey key) {
    return new OwnerReferenceBuilder()
        .withApiVersion("rouse.dev/v1alpha1")
        .withKind("Session")
        .withName(key.sessionName())
        .withUid(key.sessionUid())
        .withController(false)
        .withBlockOwnerDeletion(false)
        .build();
  }

  private static String json(List<Segment> segments) {
    try {
      return EventCodec.JSON.writeValueAsString(segments);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("segments have no JSON form", e);
    }
  }

  private static long number(Map<String, String> data, String name) {
    return Long.parseLong(field(data, name));
  }

  private static String field(Map<String, String> data, String name) {
    String value = data.get(name);
    if (value == null) {
      throw new IllegalArgumentException("data." + name + " is missing");
    }
    return value;
  }
}
