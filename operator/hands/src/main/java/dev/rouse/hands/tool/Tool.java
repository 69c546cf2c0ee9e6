package dev.rouse.hands.tool;

import java.io.IOException;

/** Something the agent can have done in its sandbox. */
public interface Tool {

  /** What the model calls it by. */
  String name();

  /** Whether its calls have to wait for each other. */
  default boolean isSerial() {
    return false;
  }

  /**
   * Does it, on a thread of its own, and returns what the model is to see.
   *
   * @throws BadInputException if the model's input is wrong; nothing was done
   * @throws IOException if it failed; the message is shown to the model
   * @throws InterruptedException if the thread was interrupted
   */
  ToolResult run(ToolCall call) throws BadInputException, IOException, InterruptedException;
}
