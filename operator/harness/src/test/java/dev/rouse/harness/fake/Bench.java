package dev.rouse.harness.fake;

import dev.rouse.harness.ExitCode;
import dev.rouse.harness.loop.Brain;
import dev.rouse.harness.loop.Timing;
import dev.rouse.harness.policy.NoJudgement;
import dev.rouse.harness.policy.PolicyJudge;
import dev.rouse.session.Ids;
import dev.rouse.session.tools.AgentToolset;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A session, its hands and the brains that come and go, with waits too short to notice. */
public final class Bench {

  public static final String ALL_TOOLS = "[{\"type\":\"agent_toolset_20260401\"}]";

  public static final Timing FAST =
      new Timing(
          Duration.ZERO,
          Duration.ofSeconds(5),
          new Timing.Backoff(Duration.ofMillis(1), Duration.ofMillis(5)),
          8,
          new Timing.Backoff(Duration.ofMillis(1), Duration.ofMillis(3)),
          Duration.ofMillis(2));

  public final FakeSession session;
  public final FakeHands hands;
  private PolicyJudge judge = new NoJudgement();
  private int pods;

  public Bench(String tools, FakeHands hands) {
    this(new FakeSession(tools), hands);
  }

  public Bench(FakeSession session, FakeHands hands) {
    this.session = session;
    this.hands = hands;
  }

  public static Bench of(String tools) {
    return new Bench(tools, new FakeHands((name, input) -> "ran " + name + " " + input));
  }

  /** From now on brains judge calls like this. */
  public Bench judging(PolicyJudge other) {
    judge = other;
    return this;
  }

  /** One brain, its pod and its connections. */
  public record Pod(FakeServer server, ScriptedModel model, Brain brain, Life life) {

    public ExitCode run() {
      return brain.run("test");
    }

    /** Runs beside the test. */
    public CompletableFuture<ExitCode> start() {
      return CompletableFuture.supplyAsync(this::run, Thread::startVirtualThread);
    }
  }

  public Pod pod(ScriptedModel.Script script) {
    return pod(script, Life.immortal(), FAST);
  }

  public Pod pod(ScriptedModel.Script script, Life life, Timing timing) {
    pods++;
    FakeServer server = new FakeServer(session, hands, "pod-" + pods, life);
    ScriptedModel model = new ScriptedModel(script, life);
    Brain brain =
        new Brain(
            server,
            new MortalHands(hands, life),
            model,
            judge,
            AgentToolset.all(),
            Ids.from(new Random(100L + pods)),
            timing,
            new Random(1));
    return new Pod(server, model, brain, life);
  }
}
