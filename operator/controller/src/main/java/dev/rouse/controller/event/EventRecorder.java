package dev.rouse.controller.event;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people what happened. An Event that cannot be written is dropped: nothing relies on it. */
public final class EventRecorder {

  /** Longest {@code note} of an Event (Kubernetes API). */
  private static final int LONGEST = 1024;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private final KubernetesClient client;
  private final Clock clock;
  private final Supplier<String> suffixes;

  /**
   * @param suffixes makes names unique: lower-case letters and digits
   */
  public EventRecorder(KubernetesClient client, Clock clock, Supplier<String> suffixes) {
    this.client = client;
    this.clock = clock;
    this.suffixes = suffixes;
  }

  /** Writes an Event about {@code object}. */
  public void record(HasMetadata object, Note note) {
    LOG.atInfo()
        .addKeyValue("namespace", object.getMetadata().getNamespace())
        .addKeyValue("session", object.getMetadata().getUid())
        .log("{}: {}", note.reason(), note.text());
    try {
      client.resource(event(object, note)).create();
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("namespace", object.getMetadata().getNamespace())
          .addKeyValue("session", object.getMetadata().getUid())
          .log("an Event could not be written: {}", e.getMessage());
    }
  }

  private Event event(HasMetadata object, Note note) {
    String text = note.text().length() <= LONGEST ? note.text() : note.text().substring(0, LONGEST);
    return new EventBuilder()
        .withNewMetadata()
        .withName(cut(object.getMetadata().getName()) + "." + suffixes.get())
        .withNamespace(object.getMetadata().getNamespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withType(note.kind().name())
        .withReason(note.reason().name())
        .withAction(note.reason().name())
        .withNote(text)
        .withReportingController(Rouse.GROUP + "/operator")
        .withReportingInstance(Rouse.OPERATOR_MANAGER)
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(object.getApiVersion())
                .withKind(object.getKind())
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                .withUid(object.getMetadata().getUid())
                .build())
        .build();
  }

  /** So that name and suffix together stay below the 253 characters of a name. */
  private static String cut(String name) {
    return name.length() <= 200 ? name : name.substring(0, 200).replaceFirst("[^a-z0-9]+$", "");
  }
}
