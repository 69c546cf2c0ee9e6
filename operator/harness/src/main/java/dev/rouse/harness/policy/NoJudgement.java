package dev.rouse.harness.policy;

/** Knows of no call whether it is safe, so that a person decides about each. */
public final class NoJudgement implements PolicyJudge {

  @Override
  public Verdict judge(ToolCall call) {
    return new Verdict.Ask(Verdict.INDETERMINATE);
  }
}
