package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.Optional;

/** The requests about Session objects that the server makes; blocking. */
public interface SessionObjects {

  /** What became of a write. */
  sealed interface Applied {

    /** It is written. @param session the object as it is now */
    record Done(Session session) implements Applied {}

    /** The object has changed since it was read; nothing was written. */
    record Conflict() implements Applied {}

    /** The object is gone. */
    record Gone() implements Applied {}
  }

  /** The object as it is now. */
  Optional<Session> read(String namespace, String name);

  /**
   * Applies the server's part of the status.
   *
   * @param session name, UID, the resource version that the status was made from, and the status
   */
  Applied applyStatus(Session session);
}
