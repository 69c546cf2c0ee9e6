package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime itself needs to remember. Shown only when asked for, exported like every other
 * event.
 */
public sealed interface InternalEvent extends Event {

  /**
   * Record 0: everything that a reader needs to go on with the session elsewhere.
   *
   * @param format the log's format; a reader that does not know it may show the log, nothing more
   * @param sessionUid the Session object's UID, which is also the log's key
   * @param namespace the Session object's namespace
   * @param name the Session object's name
   * @param threadId the primary thread, {@code sthr_…}
   * @param agent the agent pinned for the session's life, as the wire shows it in a session
   * @param environment a copy of the Environment, {@code {id, name, spec}}, for export and import
   * @param provider the ModelProvider and upstream model pinned for the session's life
   * @param title the session's title
   * @param metadata the session's metadata
   * @param budget as the wire has it; null for none
   */
  @EventType("rouse.created")
  record Created(
      String id,
      int format,
      String sessionUid,
      String namespace,
      String name,
      String threadId,
      AgentSnapshot agent,
      JsonNode environment,
      PinnedProvider provider,
      @Nullable String title,
      @Nullable Map<String, String> metadata,
      @Nullable JsonNode budget)
      implements InternalEvent {

    /** Of a session without a budget. */
    public Created(
        String id,
        int format,
        String sessionUid,
        String namespace,
        String name,
        String threadId,
        AgentSnapshot agent,
        JsonNode environment,
        PinnedProvider provider,
        @Nullable String title,
        @Nullable Map<String, String> metadata) {
      this(
          id,
          format,
          sessionUid,
          namespace,
          name,
          threadId,
          agent,
          environment,
          provider,
          title,
          metadata,
          null);
    }

    /** The format that this version writes and understands. */
    public static final int FORMAT = 1;

    /** Whether built-in tools are run by a worker of the environment's owner, and not by hands. */
    public boolean selfHosted() {
      return "self_hosted".equals(environment.path("spec").path("type").asText());
    }

    /** The same record of the Session object with this UID. */
    public Created of(String uid) {
      return new Created(
          id,
          format,
          uid,
          namespace,
          name,
          threadId,
          agent,
          environment,
          provider,
          title,
          metadata,
          budget);
    }
  }

  /**
   * A brain took the session: from here on only commits with this epoch and pod are accepted.
   *
   * @param epoch one more than the last
   * @param podUid the brain's pod
   * @param why for a person to read, for example {@code "first wake"}
   */
  @EventType("rouse.woken")
  record Woken(String id, int epoch, String podUid, String why) implements InternalEvent {}

  /**
   * A client's event was received. It is processed when it stands in the log itself, under {@code
   * event.id}.
   */
  @EventType("rouse.received")
  record Received(String id, Event event) implements InternalEvent {}

  /**
   * A tool use is about to be sent to these hands and to no others.
   *
   * @param toolUseId the event id of the call
   * @param instance the random id of the hands' journal
   */
  @EventType("rouse.dispatched")
  record Dispatched(String id, String toolUseId, String instance) implements InternalEvent {}

  /**
   * The model's view of everything up to {@code throughSeq} is replaced by {@code summary}.
   *
   * @param throughSeq last sequence number that the summary covers
   */
  @EventType("rouse.compacted")
  record Compacted(String id, long throughSeq, String summary) implements InternalEvent {}

  /**
   * Title and metadata as they are from here on, the whole of both: {@code session.updated}, which
   * stands in the same commit, cannot say that one of them was emptied.
   *
   * @param title null for none
   * @param metadata null for none
   */
  @EventType("rouse.described")
  record Described(String id, @Nullable String title, @Nullable Map<String, String> metadata)
      implements InternalEvent {}

  /** An entry of {@code spec.messages} was delivered, once for this session object. */
  @EventType("rouse.message_delivered")
  record MessageDelivered(String id, String messageId, String sessionUid)
      implements InternalEvent {}

  /**
   * The records before this one were copied; from here on the log belongs to another Session. Until
   * it stands the copy is half a copy, which nobody may show or go on with.
   *
   * @param sessionUid the Session that the log belongs to now
   * @param source where the records come from, for people: {@code kind} ({@code import}, {@code
   *     fork}), {@code session_uid}, {@code namespace}, {@code name}, and {@code head}, the last
   *     record that was copied
   */
  @EventType("rouse.origin")
  record Origin(String id, String sessionUid, JsonNode source) implements InternalEvent {}

  /**
   * The log lives elsewhere now; no further input is taken.
   *
   * @param target where, for people: {@code namespace}, {@code name}, {@code where}
   */
  @EventType("rouse.moved")
  record Moved(String id, JsonNode target) implements InternalEvent {}
}
