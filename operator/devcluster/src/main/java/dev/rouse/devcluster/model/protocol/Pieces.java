package dev.rouse.devcluster.model.protocol;

import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.List;

/** How an answer is cut into pieces, and what it might cost. */
public final class Pieces {

  /** Short texts come in pieces of this size, long ones in at most {@link #MOST_PIECES} pieces. */
  private static final int PIECE = 16;

  private static final int MOST_PIECES = 24;
  private static final int CHARACTERS_PER_TOKEN = 4;

  private Pieces() {}

  /** Cut between code points, so that no piece holds half a character. */
  public static List<String> of(String text) {
    int size = Math.max(PIECE, Math.ceilDiv(text.length(), MOST_PIECES));
    var pieces = new ArrayList<String>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + size);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  /** The number of tokens a text of this length might have. */
  public static int tokens(int characters) {
    return Math.max(1, characters / CHARACTERS_PER_TOKEN);
  }

  /** The number of tokens an answer might have. */
  public static int tokens(Answer answer) {
    return tokens(
        answer.parts().stream()
            .mapToInt(part ->
                switch (part) {
                  case Part.Text(var text) -> text.length();
                  case Part.ToolUse(var _, var name, var input) ->
                      name.length() + input.toString().length();
                  case Part.ToolResult _, Part.Attachment _ -> throw notSaid(part);
                })
            .sum());
  }

  /** Scripts hold words and tool uses only. */
  public static IllegalArgumentException notSaid(Part part) {
    return new IllegalArgumentException("a model does not say " + part);
  }
}
