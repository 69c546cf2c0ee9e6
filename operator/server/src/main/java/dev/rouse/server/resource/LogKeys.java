package dev.rouse.server.resource;

import dev.rouse.api.Session;
import dev.rouse.log.LogKey;

/** Which log belongs to which object. */
public final class LogKeys {

  private LogKeys() {}

  /** The log of a session: its UID decides. */
  public static LogKey of(Session session) {
    return new LogKey(
        session.getMetadata().getNamespace(),
        session.getMetadata().getName(),
        session.getMetadata().getUid());
  }
}
