package dev.rouse.session.portable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.Budget;
import dev.rouse.session.EventCodec;
import dev.rouse.session.Kept;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a session's file: what a Session object needs that the records do not say.
 *
 * @param type always {@link #TYPE}
 * @param format of the whole file
 * @param sessionUid UID of the exported Session
 * @param namespace where it was
 * @param name what it was called
 * @param agent {@code spec.agentRef.name}
 * @param environment {@code spec.environmentRef.name}
 * @param title the title as the log has it
 * @param metadata as the log has it
 * @param budget as the wire has it; null for none
 * @param head the last record; the file holds 0 to this one
 * @param exportedAt when, for people: an instant of {@link
 *     dev.rouse.session.EventCodec#timestamp}'s form
 */
public record FileHeader(
    String type,
    int format,
    String sessionUid,
    String namespace,
    String name,
    String agent,
    String environment,
    @Nullable String title,
    @Nullable Map<String, String> metadata,
    @Nullable JsonNode budget,
    long head,
    String exportedAt) {

  public static final String TYPE = "rouse.session_file";

  /** The format that this version writes, and the only one it reads. */
  public static final int FORMAT = 1;

  public FileHeader {
    metadata = metadata == null || metadata.isEmpty() ? null : Kept.inOrder(metadata);
  }

  /** A header as this version writes it, of a session without a budget. */
  public static FileHeader of(
      String sessionUid,
      String namespace,
      String name,
      String agent,
      String environment,
      @Nullable String title,
      Map<String, String> metadata,
      long head,
      Instant at) {
    return new FileHeader(
        TYPE,
        FORMAT,
        sessionUid,
        namespace,
        name,
        agent,
        environment,
        title,
        metadata,
        null,
        head,
        EventCodec.timestamp(at));
  }

  /** The header of a session that has this budget. */
  public FileHeader withBudget(@Nullable Budget had) {
    return new FileHeader(
        type,
        format,
        sessionUid,
        namespace,
        name,
        agent,
        environment,
        title,
        metadata,
        had == null ? null : had.json(),
        head,
        exportedAt);
  }
}
