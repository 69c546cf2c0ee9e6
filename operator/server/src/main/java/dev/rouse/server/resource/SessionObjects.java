package dev.rouse.server.resource;

import dev.rouse.api.Session;
import java.util.List;
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

  /** What became of a change of the spec. */
  sealed interface Changed {

    /** It is as it was asked for. @param session the object as it is now */
    record Done(Session session) implements Changed {}

    /** The object has changed since it was read; nothing was written. */
    record Conflict() implements Changed {}

    /** Somebody else looks after what would change. */
    record Owned(List<FieldOwner> owners) implements Changed {
      public Owned {
        owners = List.copyOf(owners);
      }
    }

    /** The cluster does not take it. @param message the API server's */
    record Refused(String message) implements Changed {}

    /** The object is gone. */
    record Gone() implements Changed {}
  }

  /** The object as it is now. */
  Optional<Session> read(String namespace, String name);

  /**
   * Makes an object on behalf of an API caller.
   *
   * @param session namespace, name, annotations and spec
   * @return the object as it is now
   */
  Session create(Session session);

  /** Changes the spec on behalf of an API caller. @param read the object as it was read */
  Changed change(Session read, SessionChange change);

  /** Takes the mark of an object away that is being created through the API. */
  Applied unmark(Session session);

  /**
   * Writes the finalizers, all of them, if the object is still as it was read: so nobody's is lost.
   */
  Applied finalizers(Session read, List<String> finalizers);

  /** Removes the object if it is still as it was read. */
  Applied delete(Session read);

  /**
   * Applies the server's part of the status.
   *
   * @param session name, UID, the resource version that the status was made from, and the status
   */
  Applied applyStatus(Session session);
}
