package dev.rouse.controller.session;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.controller.condition.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the operator's part of a Session's status, by server-side apply and at the version that
 * was read: an operator that was paused and comes back must not name an old pod as the brain.
 */
final class StatusWriter {

  /** The server has written in between: its change is here in a moment. */
  static final Duration AFTER_CONFLICT = Duration.ofMillis(100);

  /** The operator's part, and nothing else. */
  static SessionStatus status(
      @Nullable Harness harness,
      @Nullable Hands hands,
      @Nullable Long generation,
      List<Condition> conditions) {
    return new SessionStatus(
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null,
        harness == null || harness.wakes() == null ? null : harness,
        hands,
        generation,
        conditions);
  }

  /** The operator's part of a status as read. */
  static SessionStatus ours(@Nullable SessionStatus status) {
    return status == null
        ? status(null, null, null, List.of())
        : status(
            status.harness(),
            status.hands(),
            status.observedGeneration(),
            Conditions.ours(status.conditions()));
  }

  /** The session as written; empty if it was changed since it was read. */
  Optional<Session> write(Session session, SessionStatus status, Context<Session> context) {
    Session fresh = new Session();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(session.getMetadata().getName())
            .withNamespace(session.getMetadata().getNamespace())
            .withUid(session.getMetadata().getUid())
            .withResourceVersion(session.getMetadata().getResourceVersion())
            .build());
    fresh.setStatus(status);
    try {
      return Optional.of(
          PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(session, fresh, context));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
