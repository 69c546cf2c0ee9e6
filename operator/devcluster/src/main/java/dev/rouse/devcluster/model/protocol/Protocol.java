package dev.rouse.devcluster.model.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Conversation;
import java.util.List;
import java.util.Optional;

/** How requests to one kind of provider read, and how its answers are written. */
public interface Protocol {

  /** The only path that is served. */
  String path();

  /** The response header that tells the request's id. */
  String requestIdHeader();

  /** What ids of answers begin with, such as {@code msg}. */
  String answerPrefix();

  /** The API key of a request. */
  Optional<String> key(Headers headers);

  /**
   * Reads a request.
   *
   * @throws dev.rouse.devcluster.model.judge.FaultException naming the first thing that is wrong
   */
  Request read(Headers headers, JsonNode body);

  /** An error as this protocol words it. */
  ObjectNode error(int status, String message, String requestId);

  /** An answer as one body. */
  ObjectNode whole(Outgoing outside, Answer answer);

  /** The same answer, piece by piece. */
  List<Event> stream(Outgoing outside, Answer answer, boolean countTokens);

  /** The error in mid-stream; nothing comes after it. */
  Event broken(ObjectNode error);

  /**
   * A request and how it wants to be answered.
   *
   * @param countTokens whether a streamed answer is to say how many tokens it cost
   */
  record Request(Conversation conversation, boolean stream, boolean countTokens) {}

  /** What the outside of an answer says. */
  record Outgoing(String id, String model, int inputTokens) {}

  /**
   * A server-sent event.
   *
   * @param name the field {@code event}, or empty for none
   */
  record Event(String name, String data, Place place) {

    /** What a caller knows once it has an event. */
    public enum Place {
      OUTSIDE,
      /** A piece of text or of an input: the pace of a script holds before it. */
      PIECE,
      /** The whole answer is known. */
      END
    }
  }
}
