package dev.rouse.log.bench;

import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLogs;
import dev.rouse.session.Ids;
import dev.rouse.session.SessionState;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a long history costs: to read it all, and to append to it. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 4, time = 3)
@State(Scope.Benchmark)
public class HistoryBenchmark {

  /** The median of real events, in characters of text. */
  private static final int SIZE = 1433;

  @Param({"CONFIGMAP", "SQLITE", "POSTGRES"})
  public Backend.Kind store;

  /** Events in the log before anything is measured. */
  @Param({"100", "1000", "10000"})
  public int events;

  private Backend backend;
  private Logs log;

  @Setup(Level.Trial)
  public void fill() throws Exception {
    backend = store.start();
    log = new Logs(backend.store(), SIZE, 0);
    log.grow(events);
  }

  @TearDown(Level.Trial)
  public void stop() throws Exception {
    log.delete();
    backend.close();
  }

  /** As a server does that has just started: read every record and fold it. */
  @Benchmark
  public SessionState replay() {
    backend.store().close(log.key());
    try (SessionLogs fresh =
        new SessionLogs(backend.store(), LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random())) {
      return fresh.of(log.key()).state();
    }
  }

  /** One event more at the end of that history. */
  @Benchmark
  public void append() {
    log.append();
  }
}
