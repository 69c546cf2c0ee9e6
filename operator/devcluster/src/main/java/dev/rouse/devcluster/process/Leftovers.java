package dev.rouse.devcluster.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Processes that nobody waits for any more. */
public final class Leftovers {

  private static final Duration LOOK = Duration.ofMillis(50);

  private Leftovers() {}

  /** The living processes that carry a run's mark, whoever started them. */
  public static List<ProcessHandle> of(Run run) {
    return ProcFs.withVariable(Run.MARK, run.mark());
  }

  /**
   * Ends every process of a run: a request, the grace period, a kill.
   *
   * @return how many there were
   */
  public static int end(Run run, Duration grace) throws InterruptedException {
    return end(() -> of(run), grace);
  }

  /** Ends what the supplier finds until it finds nothing: what is asked to end may still fork. */
  static int end(Supplier<List<ProcessHandle>> find, Duration grace) throws InterruptedException {
    List<ProcessHandle> found = find.get();
    int count = found.size();
    long deadline = System.nanoTime() + grace.toNanos();
    found.forEach(ProcessHandle::destroy);
    while (!found.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        found.forEach(ProcessHandle::destroyForcibly);
      }
      awaitEnd(found);
      found = find.get();
    }
    return count;
  }

  /**
   * Waits until all have ended, but not long: a zombie that its parent leaves never seems to end.
   */
  private static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
    CompletableFuture<?>[] ends =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillThere) {
      // The caller looks again and goes on to the next means.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
