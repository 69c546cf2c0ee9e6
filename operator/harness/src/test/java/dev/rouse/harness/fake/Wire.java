package dev.rouse.harness.fake;

import dev.rouse.harness.model.stream.Protocol;
import java.util.List;
import java.util.stream.Stream;

/** What a provider sends in its protocol: the data of its stream's events. */
public interface Wire {

  /** What the brain's environment calls the protocol. */
  String type();

  Protocol protocol();

  /** A stream that says {@code text}, up to the point where it could be cut. */
  String[] begins(String text);

  /** A whole stream that says {@code text}. */
  String[] says(String text);

  /** The beginning of a stream that calls {@code tool}, with an input in pieces. */
  List<String> opens(String tool, String... pieces);

  /** The end of a stream whose call is whole. */
  List<String> ends();

  /** The end of a stream whose call is not, because the limit of tokens came first. */
  List<String> endsCut();

  /** A whole stream that calls {@code tool}. */
  default String[] calls(String tool, String... pieces) {
    return joined(opens(tool, pieces), ends());
  }

  /** The same, but the limit of tokens came before the end of the input. */
  default String[] callIsCut(String tool, String piece) {
    return joined(opens(tool, piece), endsCut());
  }

  private static String[] joined(List<String> beginning, List<String> end) {
    return Stream.concat(beginning.stream(), end.stream()).toArray(String[]::new);
  }

  /** An error in mid-stream. */
  String error(String type, String message);

  /** JSON text of {@code text}. */
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
