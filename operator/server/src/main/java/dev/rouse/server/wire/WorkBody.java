package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.Metadata;
import dev.rouse.server.work.WorkItem;
import dev.rouse.server.work.WorkQueue;
import dev.rouse.session.EventCodec;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the wire shows of work (contract §1.4). */
final class WorkBody {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private WorkBody() {}

  /**
   * @param secret only in answer to a poll
   */
  static ObjectNode of(WorkItem item, @Nullable String secret) {
    ObjectNode body = JSON.objectNode();
    body.put("id", WireIds.work(item.uid()));
    body.put("type", "work");
    body.put("environment_id", WireIds.environment(item.environmentUid()));
    body.put("state", item.state().wireName());
    body.putObject("data").put("type", "session").put("id", WireIds.session(item.sessionUid()));
    body.set("metadata", Metadata.write(item.metadata()));
    body.put("secret", secret);
    body.put("created_at", EventCodec.timestamp(item.createdAt()));
    body.put("acknowledged_at", time(item.acknowledgedAt()));
    body.put("started_at", time(item.startedAt()));
    body.put("latest_heartbeat_at", time(item.heartbeatAt()));
    body.put("stop_requested_at", time(item.stopRequestedAt()));
    body.put("stopped_at", time(item.stoppedAt()));
    return body;
  }

  /** The answer to a heartbeat. */
  static ObjectNode beat(WorkItem item, boolean extended) {
    return JSON.objectNode()
        .put("type", "work_heartbeat")
        .put("last_heartbeat", WorkQueue.lastHeartbeat(item, ""))
        .put("lease_extended", extended)
        .put("state", item.state().wireName())
        .put("ttl_seconds", item.ttlSeconds());
  }

  /** Why a heartbeat was refused. */
  static ObjectNode lost(WorkItem item) {
    ObjectNode details =
        JSON.objectNode()
            .put("error_code", "heartbeat_precondition_failed")
            .put("error_visibility", "user_facing");
    details
        .putObject("current_state")
        .put("state", item.state().wireName())
        .put("last_heartbeat", time(item.heartbeatAt()))
        .put("lease_extended", false)
        .put("ttl_seconds", item.ttlSeconds());
    return details;
  }

  static ObjectNode stats(WorkQueue.Stats stats) {
    return JSON.objectNode()
        .put("type", "work_queue_stats")
        .put("depth", stats.depth())
        .put("pending", stats.pending())
        .put("oldest_queued_at", time(Optional.ofNullable(stats.oldest())))
        .put("workers_polling", stats.workersPolling());
  }

  private static @Nullable String time(Optional<Instant> time) {
    return time.map(EventCodec::timestamp).orElse(null);
  }
}
