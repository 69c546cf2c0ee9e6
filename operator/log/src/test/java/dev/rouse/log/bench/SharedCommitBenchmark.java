package dev.rouse.log.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What SQLite has to give to sessions that write at once: bare inserts, as many in one COMMIT as
 * there are sessions. It is the most that a store which shares commits could reach on this disk.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 4, time = 3)
@State(Scope.Benchmark)
public class SharedCommitBenchmark {

  @Param("SQLITE")
  public Backend.Kind store;

  @Param({"200", "1433", "20480", "266240"})
  public int size;

  private SqliteBackend backend;
  private Texts texts;

  @Setup(Level.Trial)
  public void start() throws Exception {
    backend = new SqliteBackend();
    texts = new Texts(size, 0);
  }

  @TearDown(Level.Trial)
  public void stop() throws Exception {
    backend.close();
  }

  @Benchmark
  @OperationsPerInvocation(Report.SESSIONS)
  public void shared() throws Exception {
    backend.together(Report.SESSIONS, texts);
  }
}
