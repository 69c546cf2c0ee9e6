package dev.rouse.harness.loop;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.decide.Decider;
import dev.rouse.harness.decide.Step;
import dev.rouse.harness.decide.View;
import dev.rouse.harness.hands.HandsClient;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.harness.server.SessionServer;
import dev.rouse.session.Ids;
import dev.rouse.session.SessionState;
import dev.rouse.session.ToolUse;
import dev.rouse.session.tools.ToolDefinition;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turn loop. The log is the session: this class remembers nothing that the log does not hold,
 * so that it may die between any two lines and another brain goes on.
 */
public final class Brain {

  private static final Logger LOG = LoggerFactory.getLogger(Brain.class);

  private final SessionServer server;
  private final Timing timing;
  private final Journal journal = new Journal();
  private final Questions questions;
  private final Ending ending;
  private final Appender appender;
  private final ModelTurn modelTurn;
  private final Compaction compaction;
  private final ToolTurn toolTurn;
  private final Executions executions;

  /**
   * @param judge of calls whose policy is {@code auto}
   * @param builtInTools every tool that the hands have
   * @param ids mints the ids of events and appends
   * @param random spreads repeated tries
   */
  public Brain(
      SessionServer server,
      HandsClient hands,
      ModelProvider model,
      PolicyJudge judge,
      List<ToolDefinition> builtInTools,
      Ids ids,
      Timing timing,
      RandomGenerator random) {
    this.server = server;
    this.timing = timing;
    this.questions = new Questions(builtInTools);
    this.ending = new Ending(ids);
    this.appender = new Appender(server, journal, ids, timing, random);
    Collaborators with =
        new Collaborators(journal, appender, questions, ending, ids, timing, random);
    HandsLink link = new HandsLink(server, hands, appender, timing, random);
    this.executions = new Executions(link, hands, appender, timing, random);
    this.toolTurn = new ToolTurn(with, link, executions);
    ModelCalls calls = new ModelCalls(with, model);
    this.compaction = new Compaction(with, calls);
    this.modelTurn =
        new ModelTurn(
            with,
            calls,
            judge,
            link,
            span -> new DeltaSender(server, appender.epoch(), span, timing.deltaEvery()));
  }

  /**
   * Wakes the session and works until it rests and nothing came for the linger.
   *
   * @param why for a person to read in the wake's record
   */
  public ExitCode run(String why) {
    try {
      int epoch = appender.wake(why);
      LOG.atInfo().addKeyValue("epoch", epoch).addKeyValue("seq", journal.head()).log("Woke");
      try (Follower _ = Follower.start(server, journal, appender)) {
        work();
      }
      LOG.atInfo().addKeyValue("seq", journal.head()).log("The session rests");
      return ExitCode.DONE;
    } catch (Halt halt) {
      LOG.atWarn()
          .addKeyValue("seq", journal.head())
          .log("The brain stops ({}): {}", halt.code(), halt.getMessage());
      return halt.code();
    }
  }

  private void work() {
    while (true) {
      View view = journal.view();
      stopIfOver(view.session());
      switch (Decider.decide(view)) {
        case Step.CallModel step -> modelTurn.run(step).ifPresent(compaction::after);
        case Step.Compact step -> compaction.run(step);
        case Step.Execute step -> toolTurn.run(step);
        case Step.Finish step -> finish(view.session(), step);
        case Step.Wait _ -> {
          if (!lingered()) {
            return;
          }
        }
      }
    }
  }

  private static void stopIfOver(SessionState session) {
    if (session.unreadable() != null) {
      throw new Halt(
          ExitCode.NEEDS_NEWER_VERSION,
          "the log holds " + session.unreadable() + ", which this version does not know",
          null);
    }
    if (session.phase().isTerminal() || session.moved()) {
      throw new Halt(ExitCode.GONE, "the session ended or lives elsewhere now", null);
    }
  }

  private void finish(SessionState session, Step.Finish step) {
    List<ToolUse> cutShort =
        step.interrupt() == null
            ? List.of()
            : session.openToolUses().values().stream().filter(u -> u.instance() != null).toList();
    switch (appender.appendAt(
        session.head(), ending.finish(session, step, questions.charge(session)))) {
      case Appender.Result.Stored _ -> {
        LOG.atInfo()
            .addKeyValue("seq", journal.head())
            .log("The turn is over: {}", step.stopReason().type());
        executions.cancel(cutShort);
      }
      // Something came in between: it is in the journal now and changes the decision.
      case Appender.Result.Declined(var code, String message) -> {
        switch (code) {
          case CONFLICT, INTERRUPTED, BUDGET_REACHED -> {}
          case FENCED,
              APPEND_ID_REUSED,
              LOG_FULL,
              GONE,
              POISONED,
              NEEDS_NEWER_VERSION,
              INVALID,
              UNAUTHENTICATED,
              UNAVAILABLE ->
              throw Halt.internal("even idle was refused: " + message, null);
        }
      }
    }
  }

  /** Whether something came in within the linger. */
  private boolean lingered() {
    return journal
        .await(
            () ->
                Decider.decide(journal.view()) instanceof Step.Wait && !isOver()
                    ? Optional.empty()
                    : Optional.of(true),
            timing.linger())
        .isPresent();
  }

  private boolean isOver() {
    SessionState session = journal.view().session();
    return session.unreadable() != null || session.phase().isTerminal() || session.moved();
  }
}
