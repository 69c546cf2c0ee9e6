package dev.rouse.hands.http;

import dev.rouse.hands.execution.RefusedException;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.Ticket;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: a brain with a ticket of our server, for this session and these hands.
 *
 * @param key checks that the ticket is the server's
 * @param sessionUid the session these hands belong to
 * @param generation of these hands
 */
public record CallerCheck(PublicKey key, String sessionUid, int generation) {

  private static final String BEARER = "Bearer ";

  /**
   * The ticket of a call.
   *
   * @param authorization the header, if there is one
   * @throws RefusedException if there is no ticket, or not one for these hands
   */
  Ticket check(@Nullable String authorization) throws RefusedException {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw forbidden("a ticket is missing: send it as \"authorization: Bearer …\"");
    }
    Ticket ticket =
        Ticket.verify(authorization.substring(BEARER.length()).strip(), key)
            .orElseThrow(() -> forbidden("the ticket is not one that the server signed"));
    if (!sessionUid.equals(ticket.sessionUid())) {
      throw forbidden("the ticket is for another session");
    }
    if (ticket.generation() != generation) {
      throw forbidden(
          "the ticket is for generation "
              + ticket.generation()
              + ", these hands are "
              + generation);
    }
    return ticket;
  }

  private static RefusedException forbidden(String message) {
    return new RefusedException(Code.FORBIDDEN, message);
  }
}
