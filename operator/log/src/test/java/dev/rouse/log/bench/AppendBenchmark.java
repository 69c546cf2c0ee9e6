package dev.rouse.log.bench;

import dev.rouse.log.Given;
import dev.rouse.log.bench.Backend.Bare;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * An append of one event, and the bare write of the same bytes. Threads are sessions: each has a
 * log, or a bare writer, of its own.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 4)
public class AppendBenchmark {

  /** Characters between what two sessions begin with. */
  private static final int APART = 40_000;

  /** One store for all threads. */
  @State(Scope.Benchmark)
  public static class Running {

    @Param({"CONFIGMAP", "SQLITE", "POSTGRES"})
    public Backend.Kind store;

    Backend backend;

    @Setup(Level.Trial)
    public void start() throws Exception {
      backend = store.start();
    }

    @TearDown(Level.Trial)
    public void stop() throws Exception {
      backend.close();
    }
  }

  /** A session's log. */
  @State(Scope.Thread)
  public static class Session {

    /**
     * Characters of text: small, the median of real events, a file that was read, the largest seen.
     */
    @Param({"200", "1433", "20480", "266240"})
    public int size;

    Logs log;

    @Setup(Level.Trial)
    public void begin(Running running, ThreadParams thread) {
      log = new Logs(running.backend.store(), size, thread.getThreadIndex() * APART);
      log.append(Given.message("begin"));
    }
  }

  /** A bare writer. */
  @State(Scope.Thread)
  public static class Writer {

    @Param({"200", "1433", "20480", "266240"})
    public int size;

    Bare bare;
    Texts texts;

    @Setup(Level.Trial)
    public void begin(Running running, ThreadParams thread) throws Exception {
      bare = running.backend.bare(Integer.toString(thread.getThreadIndex()));
      texts = new Texts(size, thread.getThreadIndex() * APART);
    }
  }

  @Benchmark
  public void append(Session session) {
    session.log.append();
  }

  @Benchmark
  public void bare(Writer writer) throws Exception {
    writer.bare.write(writer.texts.next());
  }
}
