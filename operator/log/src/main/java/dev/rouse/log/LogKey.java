package dev.rouse.log;

/**
 * Which log.
 *
 * <p>The UID alone decides: a Session that was deleted and made again under its old name has
 * another log. Namespace and name say where the owner is.
 *
 * @param namespace the Session object's namespace
 * @param sessionName the Session object's name
 * @param sessionUid the Session object's UID
 */
public record LogKey(String namespace, String sessionName, String sessionUid) {

  public LogKey {
    if (namespace.isEmpty() || sessionName.isEmpty() || sessionUid.isEmpty()) {
      throw new IllegalArgumentException("a log key needs a namespace, a session name and its UID");
    }
  }

  /** For messages to people: {@code session team-a/review (UID 7e0c…)}. */
  public String describe() {
    return "session " + namespace + "/" + sessionName + " (UID " + sessionUid + ")";
  }
}
