package dev.rouse.devcluster.node.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happens, as Kubernetes events. Never in the way: events are sent in the
 * background and a lost one is only logged. The same sentence about the same object is told at most
 * once a minute.
 */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int NOTE_LIMIT = 1024;
  private static final int REMEMBERED = 1000;

  private final KubernetesClient client;
  private final String node;
  private final Clock clock;
  private final Supplier<String> ids;
  private final ExecutorService executor;
  private final Map<String, Instant> told = new ConcurrentHashMap<>();

  /**
   * A recorder for one node.
   *
   * @param ids makes unique suffixes for names
   */
  public EventRecorder(
      KubernetesClient client,
      String node,
      Clock clock,
      Supplier<String> ids,
      ExecutorService executor) {
    this.client = client;
    this.node = node;
    this.clock = clock;
    this.ids = ids;
    this.executor = executor;
  }

  /** Something ordinary. */
  public void normal(HasMetadata about, String reason, String action, String note) {
    record(about, "Normal", reason, action, note);
  }

  /** Something a person may have to look at. */
  public void warning(HasMetadata about, String reason, String action, String note) {
    record(about, "Warning", reason, action, note);
  }

  private void record(HasMetadata about, String type, String reason, String action, String note) {
    Instant now = clock.instant();
    String key = about.getMetadata().getUid() + reason + note;
    Instant before = told.get(key);
    if (before != null && before.plus(QUIET).isAfter(now)) {
      return;
    }
    if (told.size() > REMEMBERED) {
      told.values().removeIf(at -> at.plus(QUIET).isBefore(now));
    }
    told.put(key, now);
    Event event = event(about, type, reason, action, note, now);
    executor.execute(() -> send(event));
  }

  private Event event(
      HasMetadata about, String type, String reason, String action, String note, Instant now) {
    String namespace = about.getMetadata().getNamespace();
    String text = note.length() > NOTE_LIMIT ? note.substring(0, NOTE_LIMIT) : note;
    return new EventBuilder()
        .withNewMetadata()
        .withName(about.getMetadata().getName() + "." + ids.get())
        .withNamespace(namespace == null ? "default" : namespace)
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withType(type)
        .withReason(reason)
        .withAction(action)
        .withNote(text)
        .withReportingController("rouse.dev/dev-node")
        .withReportingInstance(node)
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .build())
        .build();
  }

  private void send(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.atDebug().addKeyValue("reason", event.getReason()).setCause(e).log("event not recorded");
    }
  }
}
