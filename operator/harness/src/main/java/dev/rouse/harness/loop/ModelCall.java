package dev.rouse.harness.loop;

import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.Event;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SessionState;
import java.util.List;

/** Something that the model is asked, and what is done with its answer. */
interface ModelCall {

  /** The queued events that become processed when it is asked. */
  List<Event> takeUp();

  /**
   * The request.
   *
   * @param takeUp what it says beside the transcript
   */
  ModelRequest request(SessionState session, List<Event> takeUp);

  /** Begins an attempt. @param span its id in the log */
  Attempt begin(String span);

  /**
   * One attempt: hears the answer come in, is closed, and then gets it whole if it became whole.
   * Nothing to hear or to close by default.
   */
  interface Attempt extends ModelProvider.Listener, AutoCloseable {

    @Override
    default void thinking() {}

    @Override
    default void text(int index, String piece) {}

    @Override
    default void usage(ModelUsage soFar) {}

    @Override
    default void close() {}

    /**
     * Puts the answer into the log.
     *
     * @throws ModelFailure when the answer is of no use; nothing of it is in the log then
     */
    void answered(ModelAnswer answer) throws ModelFailure;
  }
}
