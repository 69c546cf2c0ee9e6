package dev.rouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that follows from a log, and nothing else: {@code state = fold(records)}.
 *
 * @param head the last sequence number; -1 for an empty log
 * @param lastAt the time of the last record; {@link Instant#EPOCH} for an empty log
 * @param created record 0; absent only for an empty log
 * @param agent the agent in force: of record 0, or of the last update
 * @param title the session's title as the log has it
 * @param metadata the session's metadata as the log has it
 * @param epoch the epoch of the last wake; 0 before the first
 * @param podUid the brain's pod of the last wake
 * @param phase from the last status record
 * @param stopReason of the last idle, while idle
 * @param terminatedAt when the session ended, once it has
 * @param active how long the session was at work in all, up to its last record
 * @param transcript what the model is shown: user and agent messages, calls and their results, in
 *     log order, from the last compaction on
 * @param summary the last compaction's summary of what stands before {@code transcript}
 * @param past what of the transcript a compaction may replace
 * @param contextTokens what the model read and wrote in its last answered request since the last
 *     compaction; 0 if there is none
 * @param openToolUses calls without a result by id, in log order
 * @param queued received and not yet processed client events by id, in order of arrival
 * @param openSpan the id of a model request that was started and not closed
 * @param openSpanEstimate what that request is charged if nobody learns what it used; null where it
 *     did not say
 * @param usage the sum over all closed model requests
 * @param budget what the session may cost; null for no limit
 * @param deliveredMessages ids of {@code spec.messages} entries that were delivered
 * @param wokenSinceProgress pods that were woken since the last agent, user or compaction record,
 *     or since the session last came to rest, be it for its budget
 * @param isAnswerDue whether the last thing in the transcript is something that the model has not
 *     answered, in a turn that has not ended: what an interrupt cut off is owed no answer
 * @param home the UID of the Session that the log belongs to; of a copy that is not whole, of the
 *     Session that it was copied from
 * @param movedTo where the log lives now, if it lives elsewhere
 * @param unreadable the type of a critical record that this version does not know, if there is one
 */
public record SessionState(
    long head,
    Instant lastAt,
    InternalEvent.@Nullable Created created,
    @Nullable AgentSnapshot agent,
    @Nullable String title,
    Map<String, String> metadata,
    int epoch,
    @Nullable String podUid,
    Phase phase,
    @Nullable StopReason stopReason,
    @Nullable Instant terminatedAt,
    Duration active,
    List<Event> transcript,
    @Nullable String summary,
    Past past,
    long contextTokens,
    Map<String, ToolUse> openToolUses,
    Map<String, Event> queued,
    @Nullable String openSpan,
    @Nullable ModelUsage openSpanEstimate,
    ModelUsage usage,
    @Nullable Budget budget,
    Set<String> deliveredMessages,
    List<String> wokenSinceProgress,
    boolean isAnswerDue,
    @Nullable String home,
    @Nullable JsonNode movedTo,
    @Nullable String unreadable) {

  /**
   * The transcript but for the exchange that waits for the model: what it is to answer, and the
   * calls whose results it has not seen. Nothing while a call is open.
   *
   * @param entries how many events of the transcript
   * @param throughSeq the sequence number of the last of them; -1 if there are none
   */
  public record Past(int entries, long throughSeq) {}

  /** The state of a log without records. */
  public static SessionState empty() {
    return new Fold().state();
  }

  /** How often a brain was woken since progress. */
  public int wakesSinceProgress() {
    return wokenSinceProgress.size();
  }

  /** Whether the log lives elsewhere now. */
  public boolean moved() {
    return movedTo != null;
  }

  /** Where the log lives now, for people; empty if here. */
  public Optional<String> movedTarget() {
    if (movedTo == null) {
      return Optional.empty();
    }
    String name = movedTo.path("namespace").asText("?") + "/" + movedTo.path("name").asText("?");
    String where = movedTo.path("where").asText();
    return Optional.of("session " + name + (where.isEmpty() ? "" : " at " + where));
  }

  /** What models cost so far by the price that record 0 pins; empty if it pins none. */
  public Optional<ListCost> listCost() {
    return listCost(ModelUsage.ZERO);
  }

  private Optional<ListCost> listCost(ModelUsage added) {
    return Optional.ofNullable(created)
        .map(first -> first.provider().picodollarsPerToken())
        .map(price -> price.of(usage.plus(added)));
  }

  /** What models used so far and {@code added}, with what that costs. */
  public ModelUsage usageWithCost(ModelUsage added) {
    return usage.plus(added).costing(listCost(added).orElse(null));
  }

  /** What is charged for the model request that is open, if nobody learns what it used. */
  public ModelUsage openSpanCharge() {
    return openSpanEstimate == null ? ModelUsage.ZERO : openSpanEstimate;
  }

  /** Whether the budget allows no further model request. */
  public boolean isBudgetReached() {
    return isBudgetReached(ModelUsage.ZERO);
  }

  /** The same once {@code added} is used, too. What cannot be counted is as good as spent. */
  public boolean isBudgetReached(ModelUsage added) {
    return budget != null && listCost(added).map(budget::isReachedBy).orElse(true);
  }

  /** Whether the log has a record 0. */
  public boolean exists() {
    return head >= 0;
  }

  /** The first interrupt that was received and not yet taken up. */
  public Optional<UserEvent.Interrupt> pendingInterrupt() {
    return queued.values().stream()
        .filter(UserEvent.Interrupt.class::isInstance)
        .map(UserEvent.Interrupt.class::cast)
        .findFirst();
  }

  /** Open calls that only a person, a client or a worker can answer, in log order. */
  public List<String> awaited() {
    return openToolUses.values().stream()
        .filter(use -> !use.isExecutable() && !use.isDenied())
        .map(ToolUse::id)
        .toList();
  }

  /** Those of {@link #awaited()} that no worker can answer. */
  public List<String> awaitedOfPeople() {
    return awaited().stream()
        .filter(id -> !Objects.requireNonNull(openToolUses.get(id)).isForWorker())
        .toList();
  }

  /** Whether built-in tools are run by a worker of the environment's owner, and not by hands. */
  public boolean selfHosted() {
    return created != null && created.selfHosted();
  }

  /** Whether there are calls that a worker may run now. */
  public boolean hasWork() {
    return !phase.isTerminal()
        && !moved()
        && unreadable == null
        && pendingInterrupt().isEmpty()
        && openToolUses.values().stream().anyMatch(ToolUse::isForWorker);
  }

  /**
   * Whether a turn is open: the model was asked, or is to be asked, or calls have no result.
   *
   * <p>A session that waits for answers has an open turn, too.
   */
  public boolean isTurnOpen() {
    return openSpan != null || !openToolUses.isEmpty() || isAnswerDue;
  }
}
