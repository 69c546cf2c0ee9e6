package dev.rouse.devcluster.node.volume;

import dev.rouse.devcluster.node.volume.Tokens.Token;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One projected token, renewed when a fifth of its life is left, as the kubelet does. */
final class TokenFile {

  private static final long DEFAULT_SECONDS = 3600;

  private final ServiceAccountTokenProjection projection;
  private final Clock clock;
  private @Nullable Token token;
  private Instant renewAt = Instant.EPOCH;

  TokenFile(ServiceAccountTokenProjection projection, Clock clock) {
    this.projection = projection;
    this.clock = clock;
  }

  /** The token to show now; an old one stays as long as it is valid and no new one is given. */
  byte[] content(Tokens tokens) throws VolumeException {
    Token current = token;
    Instant now = clock.instant();
    if (current == null || !now.isBefore(renewAt)) {
      try {
        current = renew(tokens, now);
      } catch (VolumeException e) {
        if (current == null || !now.isBefore(current.expiresAt())) {
          throw e;
        }
      }
    }
    return current.value().getBytes(StandardCharsets.UTF_8);
  }

  Instant renewAt() {
    return renewAt;
  }

  private Token renew(Tokens tokens, Instant now) throws VolumeException {
    renewAt = now.plusSeconds(1);
    Token fresh =
        tokens.request(
            Optional.ofNullable(projection.getAudience()).orElse(""),
            Optional.ofNullable(projection.getExpirationSeconds()).orElse(DEFAULT_SECONDS));
    token = fresh;
    renewAt = now.plus(Duration.between(now, fresh.expiresAt()).multipliedBy(4).dividedBy(5));
    return fresh;
  }
}
