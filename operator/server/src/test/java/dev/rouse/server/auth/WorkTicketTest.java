package dev.rouse.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import dev.rouse.server.FakeReviews;
import dev.rouse.server.MovableClock;
import dev.rouse.session.protocol.Ticket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The credentials of workers. */
class WorkTicketTest {

  private final MovableClock clock = new MovableClock();
  private final Map<String, EnvironmentGrant> grants = new HashMap<>();
  private final EnvironmentKey key = EnvironmentKey.random(new SecureRandom());
  private KeyPair pair;
  private WorkerReviews reviews;

  @BeforeEach
  void generate() throws Exception {
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    reviews =
        new WorkerReviews(
            name -> Optional.ofNullable(grants.get(name)),
            pair.getPublic(),
            new FakeReviews(),
            clock);
    grant("env-1", clock.instant().plus(Duration.ofDays(1)));
  }

  private void grant(String uid, Instant expires) {
    grants.put(
        key.secretName(),
        new EnvironmentGrant(key.hash(), "team-a", "farm", uid, Instant.EPOCH, expires, ""));
  }

  private WorkTicket ticket() {
    return new WorkTicket("session-1", "work-1", "env-1", key.secretName());
  }

  @Test
  void aTicketIsReadAsItWasSigned() {
    assertThat(WorkTicket.verify(ticket().sign(pair.getPrivate()), pair.getPublic()))
        .contains(ticket());
  }

  @Test
  void aTicketForHandsIsNoneForWorkersNorTheOtherWayRound() {
    // Given
    String hands = new Ticket("session-1", 1, 1).sign(pair.getPrivate());
    String work = ticket().sign(pair.getPrivate());
    // When
    Optional<WorkTicket> asWork = WorkTicket.verify(WorkTicket.PREFIX + hands, pair.getPublic());
    Optional<Ticket> asHands =
        Ticket.verify(work.substring(WorkTicket.PREFIX.length()), pair.getPublic());
    // Then
    assertThat(asWork).isEmpty();
    assertThat(asHands).isEmpty();
    assertThat(Ticket.verify(work, pair.getPublic())).isEmpty();
  }

  @Test
  void aTicketOfAnotherKeyIsNone() throws Exception {
    // Given
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    // When
    // Then
    assertThat(WorkTicket.verify(ticket().sign(other.getPrivate()), pair.getPublic())).isEmpty();
  }

  @Test
  void workersAreKnownByKeyAndByTicket() {
    // When
    Worker byKey = Worker.of(reviews.identify(key.text(), "rouse").orElseThrow());
    Worker byTicket =
        Worker.of(reviews.identify(ticket().sign(pair.getPrivate()), "rouse").orElseThrow());
    // Then
    assertThat(byKey).isEqualTo(new Worker(key.secretName(), "team-a", "env-1", null));
    assertThat(byTicket.item()).isEqualTo(new Worker.Item("session-1", "work-1"));
  }

  @Test
  void noWorkerIsABrain() {
    assertThat(reviews.identify(key.text(), "rouse-brain")).isEmpty();
    assertThat(reviews.identify(ticket().sign(pair.getPrivate()), "rouse-brain")).isEmpty();
  }

  @Test
  void bothEndWithTheKeysTimeAndWithTheEnvironment() {
    // Given
    String ticket = ticket().sign(pair.getPrivate());
    // When
    clock.forward(Duration.ofDays(1));
    Optional<Identity> expired = reviews.identify(key.text(), "rouse");
    Optional<Identity> expiredTicket = reviews.identify(ticket, "rouse");
    grant("env-2", null);
    Optional<Identity> replaced = reviews.identify(ticket, "rouse");
    // Then
    assertThat(expired).isEmpty();
    assertThat(expiredTicket).isEmpty();
    assertThat(replaced).isEmpty();
  }
}
