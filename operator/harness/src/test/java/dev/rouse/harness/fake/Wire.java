package dev.rouse.harness.fake;

import dev.rouse.harness.model.stream.Protocol;

/** What a provider sends in its protocol: the data of its stream's events. */
public interface Wire {

  /** What the brain's environment calls the protocol. */
  String type();

  Protocol protocol();

  /** A stream that says {@code text}, up to the point where it could be cut. */
  String[] begins(String text);

  /** A whole stream that says {@code text}. */
  String[] says(String text);

  /** A whole stream that calls {@code tool}, with an input in pieces. */
  String[] calls(String tool, String... pieces);

  /** The same, but the limit of tokens came before the end of the input. */
  String[] callIsCut(String tool, String piece);

  /** An error in mid-stream. */
  String error(String type, String message);

  /** JSON text of {@code text}. */
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
