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
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.infra.ThreadParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * An append of one event, and the bare write of the same bytes. Threads are sessions: each has a
 * log, or a bare writer, of its own.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 4, time = 3)
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

  /** How much is written, and how often. */
  @State(Scope.Thread)
  public abstract static class Load {

    /**
     * Characters of text: small, the median of real events, a file that was read, the largest seen.
     */
    @Param({"200", "1433", "20480", "266240"})
    public int size;

    /**
     * Milliseconds without a write before each, as a session has them; without any, a write waits
     * for what those before it left to do. Warm-up knows no pause: a compiler needs the calls.
     */
    @Param({"0", "20"})
    public int pause;

    private int now;

    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
      now = iteration.getType() == IterationType.MEASUREMENT ? pause : 0;
    }

    @Setup(Level.Invocation)
    public void pause() throws InterruptedException {
      Thread.sleep(now);
    }
  }

  /** A session's log. */
  public static class Session extends Load {

    Logs log;

    @Setup(Level.Trial)
    public void begin(Running running, ThreadParams thread) {
      log = new Logs(running.backend.store(), size, thread.getThreadIndex() * APART);
      log.append(Given.message("begin"));
    }
  }

  /** A bare writer. */
  public static class Writer extends Load {

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
