package dev.rouse.hands.bash;

/** How a command ended. */
sealed interface CommandEnd {

  /** Everything that it wrote. */
  Output output();

  /** It ended by itself; the shell goes on. */
  record Exited(int code, Output output) implements CommandEnd {}

  /** The shell ended with it, and so did all that the shell had started. */
  record ShellGone(int code, Output output) implements CommandEnd {}

  /** It took too long and was killed with the shell. */
  record TimedOut(Output output) implements CommandEnd {}

  /** It was told to end and was killed with the shell. */
  record Cancelled(String reason, Output output) implements CommandEnd {}
}
