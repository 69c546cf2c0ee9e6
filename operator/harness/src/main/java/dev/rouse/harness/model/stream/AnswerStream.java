package dev.rouse.harness.model.stream;

import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import java.util.Optional;

/** One streamed answer, without transport: fed with the data of each event. For one thread. */
public interface AnswerStream {

  /**
   * Takes one event's data.
   *
   * @throws ModelFailure when the provider says, in mid-stream, that it cannot go on
   */
  void feed(String data) throws ModelFailure;

  /** The answer, once the stream said that it is complete. */
  Optional<ModelAnswer> answer();

  /** The answer, if it is complete now that the stream has ended in an orderly way. */
  default Optional<ModelAnswer> atEnd() {
    return answer();
  }
}
