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
  private static final Pattern HEAD = Pattern.compile("\"rouse\\.dev/log-head\":\"(\\d+)\"");

  private final String title;
  private final @Nullable String uid;
  private volatile @Nullable String name;
  private volatile boolean sealed;
  private volatile String head = "";

  private Subject(String title, @Nullable String name, @Nullable String uid) {
    this.title = title;
    this.name = name;
    this.uid = uid;
  }

  static Subject madeAs(String title) {
    return new Subject(title, null, null);
  }

  static Subject of(WorkSession session) {
    return new Subject("", session.name(), session.uid());
  }

  /** Whether its object is made by this. */
  boolean isMade(Request request) {
    Matcher object = OBJECT.matcher(request.path());
    boolean made =
        request.method().equals("PATCH")
            && object.matches()
            && request.body().contains("\"title\":\"" + title + "\"");
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

  /** Whether its tail is replaced by this. */
  boolean isTail(Request request) {
    return isPartOfLog(request, "PUT", "tail") && request.path().endsWith("/rouse-" + uid);
  }

  /** Whether a segment of this length in JSON or more is written by this. */
  boolean isSegment(Request request, int characters) {
    boolean segment =
        isPartOfLog(request, "POST", "segment") && request.body().contains("\"rouse-" + uid + "-");
    sealed |= segment;
    return segment && request.body().length() >= characters;
  }

  /** Whether its tail names a new segment by this, and grows. */
  boolean isNaming(Request request) {
    isSegment(request, 0);
    return isTail(request) && sealed && grows(request);
  }

  /** Whether its tail names a segment that others were merged into: it does not grow then. */
  boolean isSwap(Request request) {
    return isTail(request) && !grows(request);
  }

  private boolean grows(Request request) {
    Matcher newHead = HEAD.matcher(request.body());
    boolean grows = !newHead.find() || !newHead.group(1).equals(head);
    head = grows ? newHead.group(1) : head;
    return grows;
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
