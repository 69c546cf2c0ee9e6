package dev.rouse.log;

/** A {@link Judge} that sees more than the state. */
@FunctionalInterface
interface LogJudge {
  Decision judge(LogView view);
}
