package dev.rouse.devcluster.model.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request for which a turn of a script was chosen.
 *
 * @param number counts all calls from 1
 * @param requestId what the response header {@code request-id} said
 * @param attempt counts the calls that made exactly this request of this turn, from 1
 * @param conversation fingerprint of model, system prompt and first message
 * @param request fingerprint of the whole request
 * @param ended when the outcome was known; null while the call runs
 */
public record Call(
    int number,
    String requestId,
    String model,
    String turn,
    int attempt,
    String conversation,
    String request,
    Instant at,
    Outcome outcome,
    @Nullable Instant ended) {

  /** How a call ended. */
  public enum Outcome {
    /** It has not ended, or the process died before it did. */
    @JsonProperty("running")
    RUNNING,
    /** The whole answer was written. */
    @JsonProperty("answered")
    ANSWERED,
    /** Refused with an error, as the script wanted. */
    @JsonProperty("refused")
    REFUSED,
    /** Broken off in the middle, as the script wanted. */
    @JsonProperty("cut")
    CUT,
    /** The caller went away, or this server stopped, before the end. */
    @JsonProperty("abandoned")
    ABANDONED
  }

  Call ended(Outcome how, Instant when) {
    return new Call(number, requestId, model, turn, attempt, conversation, request, at, how, when);
  }
}
