package dev.rouse.devcluster.model.talk;

import java.util.List;

/**
 * What the model says to a request.
 *
 * @param parts words and tool uses, in order; never empty
 * @param stopReason why it stopped, in the words of the Messages protocol
 */
public record Answer(List<Part> parts, String stopReason) {
  public Answer {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("an answer needs at least one part");
    }
  }
}
