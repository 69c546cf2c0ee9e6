package dev.rouse.session.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.ContentBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a brain says to its hands, and what it hears.
 *
 * <pre>
 * PUT    /v1/epoch                     Epoch      → Instance
 * PUT    /v1/executions/{toolUseId}    Execution  → Outcome, when the tool has ended (the call waits)
 * DELETE /v1/executions/{toolUseId}               → 204; ends it, or refuses a later PUT
 * GET    /healthz                                 → 200, without ticket
 * </pre>
 *
 * Every call but the last carries a {@link Ticket} as bearer. A refusal is {@link Refusal} with
 * status 400, 401, 403, 409, 503 or 507.
 */
public final class HandsProtocol {

  private HandsProtocol() {}

  /** From now on calls of lower epochs are refused. */
  public record Epoch(int epoch) {}

  /**
   * Who these hands are.
   *
   * @param instance the random id made with the journal; another id is other hands
   */
  public record Instance(String instance) {}

  /**
   * A tool call. Idempotent by tool-use id: done → its result again; running → joined; never seen →
   * run, once.
   *
   * @param epoch the brain's epoch
   * @param instance the hands that the call was dispatched to; refused with WRONG_INSTANCE if these
   *     are others
   * @param name the tool's name
   * @param input the tool's input as the model gave it
   * @param timeoutMs after so many milliseconds the tool is ended and the result says so
   */
  public record Execution(
      int epoch, String instance, String name, ObjectNode input, long timeoutMs) {}

  /**
   * How the call ended.
   *
   * @param status DONE: {@code content} is the result. UNKNOWN: it was started in a former life of
   *     these hands and its end is not known; it may have run and is never run again
   * @param content what the model is shown
   * @param isError whether the tool failed
   */
  public record Outcome(Status status, List<ContentBlock> content, boolean isError) {
    public Outcome {
      content = List.copyOf(content);
    }

    public enum Status {
      DONE,
      UNKNOWN
    }
  }

  /** Why the hands refused; nothing was executed. */
  public record Refusal(Code code, String message, @Nullable Integer epoch) {}

  /** What a brain must do about a refusal. */
  public enum Code {
    /** A newer brain spoke to these hands: exit. */
    STALE_EPOCH,
    /** These are other hands than the call was dispatched to: the outcome is unknown. */
    WRONG_INSTANCE,
    /** The ticket is missing, forged, of another session or generation. */
    FORBIDDEN,
    /** The call was cancelled before it came. */
    CANCELLED,
    /** The journal cannot be written: nothing was executed. */
    JOURNAL_FULL,
    /** The sandbox reaches what it must not: nothing was executed, and nothing will be in it. */
    NOT_ISOLATED,
    /** The request itself is wrong; the message names the field. */
    INVALID
  }
}
