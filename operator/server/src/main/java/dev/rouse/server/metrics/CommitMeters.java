package dev.rouse.server.metrics;

import dev.rouse.api.probe.Buckets;
import dev.rouse.api.probe.Counters;
import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.Timers;
import dev.rouse.log.LogKey;
import dev.rouse.log.Witness;
import dev.rouse.server.metrics.Models.Offer;
import dev.rouse.server.metrics.Models.Protocol;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.PinnedProvider;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what sessions do, from the commits that this server stores. */
public final class CommitMeters implements Function<LogKey, Witness> {

  private static final Logger LOG = LoggerFactory.getLogger(CommitMeters.class);

  private final Models models;
  private final Counters<Counts.Origin> sessions;
  private final Counters<Counts.Input> inputs;
  private final Counter turns;
  private final Counters<Counts.End> ends;
  private final Counters<Counts.Pause> pauses;
  private final Counters<Counts.Wake> wakes;
  private final Counter compactions;
  private final Timers<Counts.Start> firstEvents;
  private final Timers<Counts.Start> firstAnswers;
  private final List<Counters<Counts.ToolOutcome>> calls;
  private final Timers<Counts.Wait> waits;
  private final List<ModelMeters> requests;

  /**
   * Counts into {@code meters}.
   *
   * @param models what is known of the models that sessions are pinned to
   */
  public CommitMeters(Meters meters, Models models) {
    this.models = models;
    sessions =
        meters.counters(
            "rouse.sessions.begun",
            "Sessions whose log was begun, by how",
            "origin",
            Counts.Origin.class);
    inputs =
        meters.counters(
            "rouse.inputs", "Events of clients that were taken in", "type", Counts.Input.class);
    turns = meters.counter("rouse.turns.started", "Turns begun by an input to a resting session");
    ends =
        meters.counters(
            "rouse.turns.ended", "Turns that are over", "stop_reason", Counts.End.class);
    pauses =
        meters.counters(
            "rouse.turns.paused",
            "Rests of turns that go on later",
            "stop_reason",
            Counts.Pause.class);
    wakes = meters.counters("rouse.wakes", "Brains that were woken", "reason", Counts.Wake.class);
    compactions =
        meters.counter(
            "rouse.compactions", "Histories of which a summary took the place for the model");
    firstEvents =
        meters.timers(
            "rouse.turn.first.event",
            "Time from work for a resting session to its brain's first event: pod, wake, reading",
            Buckets.WORK,
            "start",
            Counts.Start.class);
    firstAnswers =
        meters.timers(
            "rouse.turn.first.answer",
            "Time from the beginning of a turn to the agent's first message or call, model included",
            Buckets.WORK,
            "start",
            Counts.Start.class);
    calls =
        Stream.of(Tool.values())
            .map(tool ->
                meters.counters(
                    "rouse.tool.calls",
                    "Tool calls that have their result",
                    "outcome",
                    Counts.ToolOutcome.class,
                    "tool",
                    Meters.text(tool)))
            .toList();
    waits =
        meters.timers(
            "rouse.answer.wait",
            "Time that a call waited for a person's or a client's answer",
            Buckets.PERSON,
            "kind",
            Counts.Wait.class);
    requests = Stream.of(Protocol.values()).map(it -> new ModelMeters(it, meters)).toList();
  }

  /** Who looks on at one log. A defect of it costs a figure, and never an append. */
  @Override
  public Witness apply(LogKey key) {
    LogMeter meter = new LogMeter(key, new Tally(key.namespace()));
    return (commit, ours) -> {
      try {
        meter.saw(commit, ours);
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue("namespace", key.namespace())
            .addKeyValue("session", key.sessionUid())
            .addKeyValue("seq", commit.from())
            .setCause(e)
            .log("a commit is not counted");
      }
    };
  }

  private final class Tally implements Counts {
    private final String namespace;

    Tally(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public void created(Origin origin) {
      sessions.count(origin);
    }

    @Override
    public void received(Input input) {
      inputs.count(input);
    }

    @Override
    public void turnStarted() {
      turns.increment();
    }

    @Override
    public void turnEnded(End end) {
      ends.count(end);
    }

    @Override
    public void turnPaused(Pause pause) {
      pauses.count(pause);
    }

    @Override
    public void woken(Wake why) {
      wakes.count(why);
    }

    @Override
    public void compacted() {
      compactions.increment();
    }

    @Override
    public void firstEvent(Start start, Duration since) {
      firstEvents.note(start, since);
    }

    @Override
    public void firstAnswer(Start start, Duration since) {
      firstAnswers.note(start, since);
    }

    @Override
    public void toolEnded(Tool tool, ToolOutcome outcome) {
      calls.get(tool.ordinal()).count(outcome);
    }

    @Override
    public void answered(Wait wait, Duration since) {
      waits.note(wait, since);
    }

    @Override
    public void modelRequest(
        PinnedProvider provider, boolean isError, Duration time, ModelUsage usage) {
      Offer offer = models.of(namespace, provider);
      requests.get(offer.protocol().ordinal()).ended(isError, time, usage, offer.price());
    }
  }
}
