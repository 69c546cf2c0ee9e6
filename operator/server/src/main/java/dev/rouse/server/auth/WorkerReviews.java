package dev.rouse.server.auth;

import dev.rouse.api.Rouse;
import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Optional;

/** Knows the credentials of workers, and asks another about every other one. */
public final class WorkerReviews implements Reviews {

  /** The grants of environment keys. */
  @FunctionalInterface
  public interface Grants {

    /**
     * What the Secret of this name grants; empty if there is none.
     *
     * @throws ReviewUnavailable when that cannot be asked
     */
    Optional<EnvironmentGrant> named(String secret);
  }

  private final Grants grants;
  private final PublicKey ticketKey;
  private final Reviews others;
  private final Clock clock;

  /**
   * @param ticketKey by which {@link WorkTicket}s are known
   */
  public WorkerReviews(Grants grants, PublicKey ticketKey, Reviews others, Clock clock) {
    this.grants = grants;
    this.ticketKey = ticketKey;
    this.others = others;
    this.clock = clock;
  }

  @Override
  public Optional<Identity> identify(String token, String audience) {
    if (!Worker.isMeantBy(token)) {
      return others.identify(token, audience);
    }
    if (!audience.equals(Rouse.AUDIENCE)) {
      return Optional.empty();
    }
    if (EnvironmentKey.isMeantBy(token)) {
      return EnvironmentKey.of(token)
          .flatMap(key -> grant(key.secretName()).filter(grant -> grant.isAbout(key)))
          .map(grant -> Worker.identity(grant, null));
    }
    return WorkTicket.verify(token, ticketKey)
        .flatMap(ticket ->
            grant(ticket.key())
                .filter(grant -> grant.uid().equals(ticket.environmentUid()))
                .map(grant -> Worker.identity(grant, ticket)));
  }

  private Optional<EnvironmentGrant> grant(String secret) {
    return grants.named(secret).filter(grant -> !grant.isExpired(clock.instant()));
  }

  @Override
  public boolean allows(Identity who, Access access) {
    return others.allows(who, access);
  }
}
