package dev.rouse.harness.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Judges each call of a tool whose permission policy is {@code auto} (wire contract §3.3), before
 * the call is in the log. Which judge there is, is the runtime's choice and not the agent's.
 */
@FunctionalInterface
public interface PolicyJudge {

  /** What happens to a call; must not throw, and must be quick: an interrupt waits for it. */
  Verdict judge(ToolCall call);

  /**
   * A call that the model wants to be made.
   *
   * @param tool the tool's name
   * @param input as the model wrote it; not to be changed
   */
  record ToolCall(String tool, ObjectNode input) {}
}
