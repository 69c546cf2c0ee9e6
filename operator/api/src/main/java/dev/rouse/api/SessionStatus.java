package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the session. Two field managers write it and never the same field: {@link
 * Rouse#SERVER_MANAGER} what follows from the log, {@link Rouse#OPERATOR_MANAGER} what it sees of
 * pods.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SessionStatus(
    // --- rouse-server ---
    @JsonPropertyDescription(
            "Where the session stands: Pending, Idle (needs nothing, costs no pod), Running,"
                + " Rescheduling (trying again by itself), Terminated.")
        @Nullable String phase,
    @JsonPropertyDescription(
            "Why an idle session is idle: end_turn, requires_action, retries_exhausted,"
                + " budget_reached or refusal.")
        @Nullable String stopReason,
    @JsonPropertyDescription("Version of the Agent that the session is pinned to.")
        @Nullable Integer agentVersion,
    @JsonPropertyDescription("Name of the ModelProvider that the session is pinned to.")
        @Nullable String provider,
    @JsonPropertyDescription("The head of the session's log. It trails the log and never leads it.")
        @Nullable LogHead log,
    @JsonPropertyDescription("Tokens used so far.") @Nullable Usage usage,
    @JsonPropertyDescription("Calls that wait for a person or a client; at most 32 are listed.")
        List<PendingAction> pendingActions,
    @JsonPropertyDescription("How many calls wait for a person or a client.")
        @Nullable Integer pendingActionCount,
    @JsonPropertyDescription("The sandbox that the brain asked for.")
        @Nullable HandsWanted handsWanted,
    // --- rouse-operator ---
    @JsonPropertyDescription("The brain: the pod that thinks, if there is one.")
        @Nullable Harness harness,
    @JsonPropertyDescription("The sandbox: the pod that runs tools, if there is one.")
        @Nullable Hands hands,
    @JsonPropertyDescription("Generation of the spec that the operator acted on.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: references resolve and the log exists. Reconciling: something is being waited for."
                + " Stalled: a person must change something here. LogFull, LogCorrupt,"
                + " NeedsNewerVersion, MessageRefused, BudgetRefused, ArchiveWaits: see their"
                + " messages.")
        List<Condition> conditions) {

  public SessionStatus {
    pendingActions = pendingActions == null ? List.of() : List.copyOf(pendingActions);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** The head of the log. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record LogHead(
      @JsonPropertyDescription("Sequence number of the last record.") @Nullable Long head,
      @JsonPropertyDescription("Bytes that the log takes in its store.") @Nullable Long bytes,
      @JsonPropertyDescription(
              "The last messages and calls, one line each of at most 200 characters; at most 8.")
          List<String> tail) {
    public LogHead {
      tail = tail == null ? List.of() : List.copyOf(tail);
    }
  }

  /** Tokens used so far, and what they cost. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Usage(
      @JsonPropertyDescription("Tokens read by models, without cached ones.") long inputTokens,
      @JsonPropertyDescription("Tokens written by models.") long outputTokens,
      @JsonPropertyDescription("Tokens written to prompt caches.") long cacheCreationInputTokens,
      @JsonPropertyDescription("Tokens read from prompt caches.") long cacheReadInputTokens,
      @JsonPropertyDescription(
              "What they cost in US dollars, with four decimals, by the prices that the session"
                  + " began with; left out if nobody named any.")
          @Size(max = 40)
          @Nullable String listCost) {}

  /** A call that waits for an answer. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PendingAction(
      @JsonPropertyDescription("Event id of the call.") String id,
      @JsonPropertyDescription("Name of the tool.") String name) {}

  /** The sandbox that the brain asked for. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record HandsWanted(
      @JsonPropertyDescription("One generation is one pod; rises when the brain needs another.")
          int generation,
      @JsonPropertyDescription("Public key that the sandbox checks the brain's tickets with.")
          String ticketKey) {}

  /** The brain. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Harness(
      @JsonPropertyDescription("Name of the brain's pod.") @Nullable String pod,
      @JsonPropertyDescription("UID of the brain's pod; only this pod may wake the session.")
          @Nullable String uid,
      @JsonPropertyDescription("How many pods were started for the brain so far.")
          @Nullable Integer wakes,
      @JsonPropertyDescription("How the last brain's pod ended, for people.")
          @Nullable String lastExit,
      @JsonPropertyDescription("When the last brain's pod was seen to have ended (RFC 3339).")
          @Nullable String lastExitTime,
      @JsonPropertyDescription(
              "How many pods in a row ended with an error before they did any work; the second and"
                  + " later ones are replaced after a pause.")
          @Nullable Integer failures,
      @JsonPropertyDescription("Head of the log when the brain's pod was started.")
          @Nullable Long startHead,
      @JsonPropertyDescription("true: the brain's pod was ready at least once.")
          @Nullable Boolean ready,
      @JsonPropertyDescription(
              "UIDs of former pods that were evicted, drained or removed: their wakes do not count"
                  + " against the session. The last 16.")
          List<String> excused) {

    /** Former pods that are remembered; more than a session may wake without progress. */
    public static final int MAX_EXCUSED = 16;

    public Harness {
      excused = excused == null ? List.of() : List.copyOf(excused);
    }

    /** A brain of which no more is known. */
    public Harness(
        @Nullable String pod,
        @Nullable String uid,
        @Nullable Integer wakes,
        @Nullable String lastExit) {
      this(pod, uid, wakes, lastExit, null, null, null, null, List.of());
    }

    public int wakesOrZero() {
      return wakes == null ? 0 : wakes;
    }

    public int failuresOrZero() {
      return failures == null ? 0 : failures;
    }

    public boolean wasReady() {
      return Boolean.TRUE.equals(ready);
    }
  }

  /** The sandbox. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Hands(
      @JsonPropertyDescription("Generation that this speaks of.") @Nullable Integer generation,
      @JsonPropertyDescription("Name of the sandbox's pod.") @Nullable String pod,
      @JsonPropertyDescription("UID of the sandbox's pod.") @Nullable String uid,
      @JsonPropertyDescription("Base URL of the tool server, once it is ready.")
          @Nullable String address,
      @JsonPropertyDescription("Why there is no address: what is waited for, or how the pod ended.")
          @Nullable String reason,
      @JsonPropertyDescription("true: the pod of this generation is gone and will not come back.")
          @Nullable Boolean gone,
      @JsonPropertyDescription(
              "How the last pod that is gone ended, unless it was removed because the session rests.")
          @Nullable String lastExit,
      @JsonPropertyDescription("When that pod was seen to have ended (RFC 3339).")
          @Nullable String lastExitTime,
      @JsonPropertyDescription(
              "How many pods in a row ended before they were ready; the second and later ones are"
                  + " replaced after a pause. Forgotten when one is ready or the session rests.")
          @Nullable Integer failures,
      @JsonPropertyDescription("Generation of the Environment that the last pod was made from.")
          @Nullable Long environmentGeneration) {

    /** Hands before which no others were lost. */
    public Hands(
        @Nullable Integer generation,
        @Nullable String pod,
        @Nullable String uid,
        @Nullable String address,
        @Nullable String reason,
        @Nullable Boolean gone) {
      this(generation, pod, uid, address, reason, gone, null, null, null, null);
    }

    public int generationOrZero() {
      return generation == null ? 0 : generation;
    }

    public int failuresOrZero() {
      return failures == null ? 0 : failures;
    }

    public boolean hasGone() {
      return Boolean.TRUE.equals(gone);
    }
  }
}
