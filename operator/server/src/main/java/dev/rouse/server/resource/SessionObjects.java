package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.Optional;

/** The requests about Session objects that the server makes; blocking. */
public interface SessionObjects extends SpecObjects<Session> {

  /** Changes the spec on behalf of an API caller. @param read the object as it was read */
  Applied<Session> change(Session read, SessionChange change);

  /**
   * Applies the server's part of the status.
   *
   * @param session name, UID, the resource version that the status was made from, and the status
   * @return the object as it is now; empty if it has changed or is gone, and nothing was written
   */
  Optional<Session> applyStatus(Session session);
}
