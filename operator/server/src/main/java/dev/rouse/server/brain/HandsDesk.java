package dev.rouse.server.brain;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.server.resource.ServerPart;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.resource.StatusWriter;
import dev.rouse.server.resource.TicketKeys;
import dev.rouse.session.protocol.BrainProtocol.Code;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.BrainProtocol.HandsPending;
import dev.rouse.session.protocol.BrainProtocol.HandsRequest;
import dev.rouse.session.protocol.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Gets hands for a brain: writes into the status which generation is wanted, waits until the
 * operator has made it ready, and signs the ticket.
 */
final class HandsDesk {

  /** Hands, or that there are none yet. */
  sealed interface Answer {
    record Ready(Hands hands) implements Answer {}

    record Pending(HandsPending pending) implements Answer {}
  }

  /** How long a call waits for hands that start. */
  static final Duration PATIENCE = Duration.ofSeconds(19);

  /** How long a call waits for the operator to call hands gone that their brain cannot reach. */
  static final Duration DOUBT = Duration.ofSeconds(5);

  private final Sessions sessions;
  private final StatusWriter writer;
  private final TicketKeys keys;

  HandsDesk(Sessions sessions, StatusWriter writer, TicketKeys keys) {
    this.sessions = sessions;
    this.writer = writer;
    this.keys = keys;
  }

  Answer hands(String uid, HandsRequest request) throws Refused, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Session session = wanted(uid);
    Integer gone = request.gone();
    if (gone != null && gone.equals(generation(session))) {
      sessions.await(uid, it -> HandsRule.raised(it.getStatus()).isPresent(), DOUBT);
      session = wanted(uid);
    }
    Optional<String> address = HandsRule.address(session.getStatus());
    Duration left = Duration.ofNanos(end - System.nanoTime());
    while (address.isEmpty() && left.isPositive() && !sessions.isStopped()) {
      sessions.await(uid, it -> isSettled(it.getStatus()), left);
      session = wanted(uid);
      address = HandsRule.address(session.getStatus());
      left = Duration.ofNanos(end - System.nanoTime());
    }
    int generation = generation(session);
    if (address.isEmpty()) {
      return new Answer.Pending(
          new HandsPending(generation, HandsRule.reason(session.getStatus())));
    }
    String ticket = new Ticket(uid, generation, request.epoch()).sign(keys.privateKey());
    return new Answer.Ready(
        new Hands(generation, address.get(), ticket, HandsRule.lastExit(session.getStatus())));
  }

  /** Whether there is something to do about the hands: give their address, or want others. */
  private static boolean isSettled(@Nullable SessionStatus status) {
    return HandsRule.address(status).isPresent() || HandsRule.raised(status).isPresent();
  }

  /** The object with hands wanted in its status, written now if need be. */
  private Session wanted(String uid) throws Refused {
    return writer.update(uid, this::next).orElseThrow(() -> deleted(uid));
  }

  private Optional<SessionStatus> next(Session session) {
    OptionalInt raised = HandsRule.raised(session.getStatus());
    if (raised.isEmpty()) {
      return Optional.empty();
    }
    HandsWanted wanted = new HandsWanted(raised.getAsInt(), keys.publicKey());
    return Optional.of(ServerPart.withHands(ServerPart.of(session), wanted));
  }

  private static int generation(Session session) {
    HandsWanted wanted = session.getStatus() == null ? null : session.getStatus().handsWanted();
    return wanted == null ? 0 : wanted.generation();
  }

  private static Refused deleted(String uid) {
    return Refused.of(Code.GONE, "session " + uid + " was deleted");
  }
}
