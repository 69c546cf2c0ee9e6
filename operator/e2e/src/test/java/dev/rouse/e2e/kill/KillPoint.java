package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.proxy.Hold.When;
import java.util.function.Predicate;

/** The points of a turn at which something can die, in their order. */
enum KillPoint {
  BEFORE_WAKE("before the wake commit"),
  AFTER_WAKE("after the wake commit"),
  MODEL_STREAM("during the model stream"),
  AFTER_FIRST_TOOL_USE("after the first tool-use commit"),
  AFTER_TOOL_USE("after a tool-use commit to known hands"),
  EXECUTION("during execution"),
  BEFORE_RESULT("before the result commit"),
  AFTER_RESULT("after the result commit"),
  BEFORE_IDLE("before the idle commit"),
  AFTER_IDLE("after the idle commit");

  private static final String TOOL_USE = "\"agent.tool_use\"";
  private static final String RESULT = "\"agent.tool_result\"";
  private static final String IDLE = "\"session.status_idle\"";
  private static final String FIRST_CALL = "echo first is done";
  private static final String SECOND_CALL = "echo second is done";
  private static final String SECOND_OUTPUT = "second is done";

  private final String label;

  KillPoint(String label) {
    this.label = label;
  }

  /** What the session is told so that this point can be reached. */
  String message(String unique) {
    return this == EXECUTION ? unique + " hold" : unique;
  }

  /** Whether hands exist at this point. */
  boolean hasHands() {
    return compareTo(AFTER_TOOL_USE) >= 0;
  }

  /** Makes a session stop here. Called before its brain can have come this far. */
  Stop arm(WorkSession session, String message) {
    Cluster cluster = session.namespace().cluster();
    return switch (this) {
      case BEFORE_WAKE -> server(cluster, When.BEFORE, calls(session, "wake"));
      case AFTER_WAKE -> server(cluster, When.AFTER, calls(session, "wake"));
      case MODEL_STREAM ->
          new Stop.Held(
              cluster
                  .modelDoor()
                  .hold(label, When.DURING, request -> request.body().contains(message)));
      case AFTER_FIRST_TOOL_USE ->
          server(cluster, When.AFTER, commits(session, TOOL_USE, FIRST_CALL));
      case AFTER_TOOL_USE -> server(cluster, When.AFTER, commits(session, TOOL_USE, SECOND_CALL));
      case EXECUTION -> new Stop.Gate(session);
      case BEFORE_RESULT -> server(cluster, When.BEFORE, commits(session, RESULT, SECOND_OUTPUT));
      case AFTER_RESULT -> server(cluster, When.AFTER, commits(session, RESULT, SECOND_OUTPUT));
      case BEFORE_IDLE -> server(cluster, When.BEFORE, commits(session, IDLE, ""));
      case AFTER_IDLE -> server(cluster, When.AFTER, commits(session, IDLE, ""));
    };
  }

  private Stop server(Cluster cluster, When when, Predicate<Hold.Request> matches) {
    return new Stop.Held(cluster.serverDoor().hold(label, when, matches));
  }

  private static Predicate<Hold.Request> calls(WorkSession session, String call) {
    String path = "/internal/v1/sessions/" + session.uid() + "/" + call;
    return request -> request.method().equals("POST") && request.path().equals(path);
  }

  private static Predicate<Hold.Request> commits(WorkSession session, String type, String text) {
    return calls(session, "commits")
        .and(request -> request.body().contains(type) && request.body().contains(text));
  }

  @Override
  public String toString() {
    return label;
  }
}
