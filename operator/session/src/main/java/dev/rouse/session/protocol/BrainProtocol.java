package dev.rouse.session.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.Event;
import dev.rouse.session.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a brain says to the server, and what it hears.
 *
 * <pre>
 * POST /internal/v1/sessions/{uid}/wake            WakeRequest    → Wake
 * GET  /internal/v1/sessions/{uid}/records?from=n  one LogRecord a line (application/x-ndjson), to the head
 * GET  /internal/v1/sessions/{uid}/records?from=n&amp;follow=true
 *                                                  the same as server-sent events, "id: seq", without end
 * POST /internal/v1/sessions/{uid}/commits         CommitRequest  → Committed
 * POST /internal/v1/sessions/{uid}/hands           HandsRequest   → Hands, or HandsPending after ≤ 20 s
 * POST /internal/v1/sessions/{uid}/deltas          Deltas         → 204
 * </pre>
 *
 * Every call carries the pod's token (audience {@code rouse-brain}) as a bearer. A refusal is
 * {@link Refusal} with status 401, 403, 404, 409 (fenced, conflict, interrupted, budget reached),
 * 413 (log full) or 503.
 */
public final class BrainProtocol {

  private BrainProtocol() {}

  /** Asks for the session. @param why for a person to read in {@code rouse.woken} */
  public record WakeRequest(String why) {}

  /**
   * The session is this brain's, until another wakes. The same pod asking again gets the same
   * answer.
   *
   * @param epoch to be sent with every commit and every call to the hands
   * @param head the last sequence number, the wake record included
   */
  public record Wake(int epoch, long head) {}

  /**
   * Appends events as one commit: all of them or none.
   *
   * @param appendId chosen by the brain; the same id again is answered like the first time
   * @param epoch the brain's epoch
   * @param events with ids already minted, at least one
   * @param atHead if given, refused unless this is still the head (idle and compaction)
   */
  public record CommitRequest(
      String appendId, int epoch, List<Event> events, @Nullable Long atHead) {
    public CommitRequest {
      events = List.copyOf(events);
    }
  }

  /**
   * The events are durable.
   *
   * @param head the log's head right after this commit
   * @param records every record from the head that the brain named in its last answer is read by
   *     following; these are only the commit's own
   */
  public record Committed(long head, List<LogRecord> records) {
    public Committed {
      records = List.copyOf(records);
    }
  }

  /**
   * Asks for hands, and waits for them up to 20 s.
   *
   * @param epoch the brain's epoch
   * @param gone a generation that does not answer; a new one is made only if the operator, too,
   *     calls it gone
   */
  public record HandsRequest(int epoch, @Nullable Integer gone) {}

  /**
   * Hands that are ready.
   *
   * @param generation of the hands' pod, from 1
   * @param address base URL of the tool server, for example {@code http://10.1.2.3:8080}
   * @param ticket to be sent as bearer to the hands; ends with the epoch
   * @param lastExit how the last hands that were lost ended, for people; null if none were
   */
  public record Hands(int generation, String address, String ticket, @Nullable String lastExit) {}

  /**
   * No hands yet (status 202): ask again.
   *
   * @param generation the generation that is wanted
   * @param reason what the operator says about it, for people
   */
  public record HandsPending(int generation, String reason) {}

  /**
   * Previews of a message under way: shown on open streams, never stored.
   *
   * @param epoch the brain's epoch
   * @param span the id of the model request that they belong to: once it is closed they are late,
   *     and not shown. A brain of an earlier version names none; its previews are not shown either
   */
  public record Deltas(int epoch, @Nullable String span, List<JsonNode> events) {
    public Deltas {
      events = List.copyOf(events);
    }
  }

  /**
   * Why the server refused.
   *
   * @param code one of {@link Code}
   * @param message for people; names the session and the way out
   * @param head the log's head, where the refusal depends on it
   */
  public record Refusal(Code code, String message, @Nullable Long head) {}

  /** What a brain must do about a refusal. */
  public enum Code {
    /** Another brain has the session, or this pod was never its brain: exit. */
    FENCED,
    /** The head is not the one named: read on and judge again. */
    CONFLICT,
    /** An interrupt waits: take it up first. */
    INTERRUPTED,
    /** The same append id with other events: a defect of the caller. */
    APPEND_ID_REUSED,
    /** The log is at its limit; results, idle and interrupts still go through. */
    LOG_FULL,
    /** The budget allows no further model request, and no input that asks for one: let it rest. */
    BUDGET_REACHED,
    /** The session ended, was deleted or moved: exit. */
    GONE,
    /** Too many wakes without progress; the session was put to rest: exit. */
    POISONED,
    /** The log needs a newer version of this program: exit. */
    NEEDS_NEWER_VERSION,
    /** The request itself is wrong; the message names the field. */
    INVALID,
    /** No or a wrong token. */
    UNAUTHENTICATED,
    /** Try again after a moment. */
    UNAVAILABLE
  }
}
