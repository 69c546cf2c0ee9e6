package dev.rouse.harness.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.harness.hands.HandsClient;
import dev.rouse.harness.hands.HandsRefused;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ToolUse;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Single calls at the hands, each repeated under its own id until its outcome is known. */
final class Executions {

  private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

  /** What the model is told of a call of which nobody knows how it ended. */
  static final String UNKNOWN =
      AgentToolset.OUTCOME_UNKNOWN
          + ": the sandbox was lost while it was under way. It may have run, in part or in full. It"
          + " was not run again. Check its effects before repeating it.";

  private static final long LONGEST_TIMEOUT_MS = 3_600_000;

  private final HandsLink hands;
  private final HandsClient client;
  private final Appender appender;
  private final Timing timing;
  private final RandomGenerator random;

  Executions(
      HandsLink hands,
      HandsClient client,
      Appender appender,
      Timing timing,
      RandomGenerator random) {
    this.hands = hands;
    this.client = client;
    this.appender = appender;
    this.timing = timing;
    this.random = random;
  }

  /** Runs the call, or joins it, at the hands that the log names for it. */
  Outcome run(ToolUse use, HandsLink.Link dispatchedTo) throws InterruptedException {
    HandsLink.Link link = dispatchedTo;
    Execution execution =
        new Execution(
            appender.epoch(),
            dispatchedTo.instance(),
            use.call().name(),
            use.call().input(),
            timeoutMs(use.call().input()));
    for (int failures = 1; ; failures++) {
      try {
        return client.execute(link.hands(), use.id(), execution);
      } catch (IOException e) {
        LOG.atInfo()
            .addKeyValue("toolUse", use.id())
            .log(
                "Lost the hands during a call for the {}. time, will join it again: {}",
                failures,
                e.toString());
      } catch (HandsRefused e) {
        switch (e.code()) {
          case STALE_EPOCH -> throw HandsLink.fenced(e);
          case WRONG_INSTANCE -> {
            return unknown();
          }
          case CANCELLED, JOURNAL_FULL, NOT_ISOLATED, INVALID -> {
            return error("The call was not run: " + e.refusal().message());
          }
          // An old ticket, or other hands at the same address: the server knows which.
          case FORBIDDEN -> {}
        }
      }
      appender.pause(timing.serverRetry().delay(failures, random));
      try {
        link = hands.renew(link);
      } catch (HandsRefused e) {
        return unknown();
      }
      if (!link.instance().equals(dispatchedTo.instance())) {
        return unknown();
      }
    }
  }

  private static long timeoutMs(JsonNode input) {
    JsonNode wanted = input.path("timeout_ms");
    return wanted.isNumber() && wanted.asLong() > 0
        ? Math.min(wanted.asLong(), LONGEST_TIMEOUT_MS)
        : AgentToolset.DEFAULT_BASH_TIMEOUT_MS;
  }

  private static Outcome unknown() {
    return new Outcome(Outcome.Status.UNKNOWN, List.of(), true);
  }

  private static Outcome error(String message) {
    return new Outcome(Outcome.Status.DONE, List.of(ContentBlock.text(message)), true);
  }

  /**
   * Ends these calls at the hands, in the background: the interrupt does not wait for them. Calls
   * that were never dispatched are unknown to the hands, which then refuse them.
   *
   * @param uses in log order; the last is ended first, or the end of one that runs would start the
   *     next one that waits for its turn
   */
  void cancel(List<ToolUse> uses) {
    if (uses.isEmpty()) {
      return;
    }
    Thread.ofVirtual()
        .name("cancel")
        .start(() -> {
          try {
            HandsLink.Link link = hands.acquire();
            for (ToolUse use : uses.reversed()) {
              client.cancel(link.hands(), use.id());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException | HandsRefused | Halt e) {
            LOG.atWarn().log("Could not end interrupted calls: {}", e.toString());
          }
        });
  }

  /** The end of the brain that a task's unexpected failure means. */
  static RuntimeException fatal(Throwable cause) {
    return switch (cause) {
      case Halt halt -> halt;
      case Error error -> throw error;
      case Throwable other -> Halt.internal("a tool call failed unexpectedly: " + other, other);
    };
  }
}
