package dev.rouse.e2e.trouble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;

/**
 * A ConfigMap that is part of a log, in the hands of somebody whom admission takes for the server:
 * a program that restores backups, or whoever switched the policy off.
 *
 * @param original as Rouse wrote it
 */
record LogObject(Cluster cluster, ConfigMap original) {

  private static final String RECORDS = "records";

  /** The one that is the log. */
  static LogObject tail(WorkSession session) {
    return of(session, "rouse-" + session.uid());
  }

  /** The first that the log names as a sealed part of itself. */
  static LogObject segment(WorkSession session) throws JsonProcessingException {
    ConfigMap tail = tail(session).original();
    JsonNode segments = EventCodec.JSON.readTree(tail.getData().get("segments"));
    if (segments.isEmpty()) {
      throw new AssertionError("the log of " + session.name() + " has no sealed segment");
    }
    String end = segments.path(0).path("objects").path(0).asText();
    return of(session, "rouse-" + session.uid() + "-" + end);
  }

  private static LogObject of(WorkSession session, String name) {
    Cluster cluster = session.namespace().cluster();
    return new LogObject(
        cluster,
        cluster
            .client()
            .configMaps()
            .inNamespace(session.namespace().name())
            .withName(name)
            .require());
  }

  /** Turns a byte in the middle of the records. */
  void damage() {
    byte[] bytes = Base64.getDecoder().decode(original.getBinaryData().get(RECORDS));
    bytes[bytes.length / 2] ^= 0x55;
    replace(
        new ConfigMapBuilder(original)
            .addToBinaryData(RECORDS, Base64.getEncoder().encodeToString(bytes))
            .build());
  }

  void remove() {
    try (KubernetesClient client = writer(cluster)) {
      client.resource(original).delete();
    }
  }

  /** Who may do that. */
  static KubernetesClient writer(Cluster cluster) {
    return cluster.as("rouse-system", "rouse-server");
  }

  /** As from a backup. */
  void putBack() {
    replace(original);
  }

  /** Segments are immutable: whoever changes one makes another of its name. */
  private void replace(ConfigMap by) {
    ConfigMap fresh =
        new ConfigMapBuilder(by)
            .editMetadata()
            .withResourceVersion(null)
            .withUid(null)
            .withCreationTimestamp(null)
            .endMetadata()
            .build();
    try (KubernetesClient client = writer(cluster)) {
      ConfigMap there = client.resource(original).get();
      if (there != null && Boolean.TRUE.equals(there.getImmutable())) {
        client.resource(original).delete();
        there = null;
      }
      if (there == null) {
        client.resource(fresh).create();
      } else {
        client.resource(fresh).update();
      }
    }
  }
}
