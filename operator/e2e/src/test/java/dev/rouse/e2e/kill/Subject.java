package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold.Request;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session whose requests are looked for. Of one that is being made only the title is known; its
 * name is learnt from the request that makes the object.
 */
final class Subject {

  private static final Pattern OBJECT = Pattern.compile(".*/sessions/([^/?]+)(/status)?(\\?.*)?");
  private static final Pattern NAMED = Pattern.compile("\\\\\"objects\\\\\":");

  private final @Nullable String title;
  private final @Nullable String uid;
  private volatile @Nullable String name;
  private volatile int segments;

  private Subject(@Nullable String title, @Nullable String name, @Nullable String uid) {
    this.title = title;
    this.name = name;
    this.uid = uid;
  }

  static Subject madeAs(String title) {
    return new Subject(title, null, null);
  }

  static Subject of(WorkSession session) {
    return new Subject(null, session.name(), session.uid());
  }

  /** A session that is made under a name of the client's choice. */
  static Subject named(String name) {
    return new Subject(null, name, null);
  }

  /** Whether its object is made by this. */
  boolean isMade(Request request) {
    Matcher object = OBJECT.matcher(request.path());
    boolean made =
        request.method().equals("PATCH")
            && object.matches()
            && request.body().contains("\"agentRef\"")
            && (title == null
                ? object.group(1).equals(name)
                : request.body().contains("\"title\":\"" + title + "\""));
    if (made) {
      name = object.group(1);
    }
    return made;
  }

  /** Whether its object, or its status, is written or removed by this. */
  boolean isObject(Request request, String method, boolean status) {
    Matcher object = OBJECT.matcher(request.path());
    return request.method().equals(method)
        && object.matches()
        && object.group(1).equals(name)
        && (object.group(2) != null) == status;
  }

  /** Whether its log is begun by this. */
  boolean isBeginning(Request request) {
    return isPartOfLog(request, "POST", "tail")
        && request.body().contains("\"name\":\"" + name + "\"");
  }

  /** Whether the first change of its log is this. */
  boolean isOriginated(Request request) {
    return isPartOfLog(request, "PUT", "tail")
        && request.body().contains("\"name\":\"" + name + "\"");
  }

  /** Whether its tail is replaced by this. */
  boolean isTail(Request request) {
    return isPartOfLog(request, "PUT", "tail") && request.path().endsWith("/rouse-" + uid);
  }

  /** Whether a segment of this length in JSON or more is written by this. */
  boolean isSegment(Request request, int characters) {
    return isPartOfLog(request, "POST", "segment")
        && request.body().contains("\"rouse-" + uid + "-")
        && request.body().length() >= characters;
  }

  /** Whether its tail names more segments by this than before. */
  boolean isNaming(Request request) {
    return isTail(request) && named(request) > 0;
  }

  /** Whether its tail names a segment that others were merged into: those are fewer then. */
  boolean isSwap(Request request) {
    return isTail(request) && named(request) < 0;
  }

  /** How many more segments its tail names than the one before. */
  private int named(Request request) {
    int now = (int) NAMED.matcher(request.body()).results().count();
    int more = now - segments;
    segments = now;
    return more;
  }

  /** Whether a segment is removed by this. */
  boolean isRemoval(Request request) {
    return request.method().equals("DELETE")
        && request.path().contains("/configmaps/rouse-" + uid + "-");
  }

  private static boolean isPartOfLog(Request request, String method, String part) {
    return request.method().equals(method)
        && request.path().contains("/configmaps")
        && request.body().contains("\"rouse.dev/log-part\":\"" + part + "\"");
  }
}
