package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.List;
import java.util.Optional;

/** The requests about Session objects that the server makes; blocking. */
public interface SessionObjects extends SpecObjects<Session> {

  /** Changes the spec on behalf of an API caller. @param read the object as it was read */
  Applied<Session> change(Session read, SessionChange change);

  /**
   * Writes the finalizers, all of them, if the object is still as it was read: so nobody's is lost.
   *
   * @return the object as it is now; empty if it has changed or is gone since
   */
  Optional<Session> finalizers(Session read, List<String> finalizers);

  /**
   * Applies the server's part of the status.
   *
   * @param session name, UID, the resource version that the status was made from, and the status
   * @return the object as it is now; empty if it has changed or is gone, and nothing was written
   */
  Optional<Session> applyStatus(Session session);
}
