package dev.rouse.e2e.bench;

import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.PodProcess;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A brain is killed with {@code kill -9} while its tool call runs; how long until another one has
 * written the next record, and on what the time was spent.
 */
final class KillToNext implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(5);

  private final Namespace namespace;
  private final Map<String, Instant> firstSeen = new ConcurrentHashMap<>();
  private final Map<String, Instant> firstEnded = new ConcurrentHashMap<>();
  private final Watch watch;
  private final List<Double> ended = new ArrayList<>();
  private final List<Double> ordered = new ArrayList<>();
  private final List<Double> started = new ArrayList<>();
  private final List<Double> woken = new ArrayList<>();
  private final List<Double> next = new ArrayList<>();
  private final List<Double> total = new ArrayList<>();

  KillToNext(Namespace namespace) {
    this.namespace = namespace;
    this.watch =
        namespace
            .cluster()
            .client()
            .pods()
            .inNamespace(namespace.name())
            .withLabel(Rouse.SESSION_LABEL)
            .watch(new Times());
  }

  private final class Times implements Watcher<Pod> {

    @Override
    public void eventReceived(Action action, Pod pod) {
      firstSeen.putIfAbsent(pod.getMetadata().getUid(), Instant.now());
      String phase = pod.getStatus().getPhase();
      if ("Failed".equals(phase) || "Succeeded".equals(phase) || action == Action.DELETED) {
        firstEnded.putIfAbsent(pod.getMetadata().getUid(), Instant.now());
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("the watch of the benchmark ended", cause);
    }
  }

  /** Kills the brain of a new session. */
  void kill(int number) throws InterruptedException, IOException {
    WorkSession session = namespace.work("killed-" + number, "hold killed-" + number);
    await("the second call runs")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(TICK)
        .until(() ->
            session.lines("works.log").contains("second") && session.file("gate").isPresent());
    PodProcess old = session.brain();
    int before = session.log().size();

    Instant killed = Instant.now();
    old.kill();
    // The call ends by itself at once: only the brain is missing.
    Files.writeString(session.file("gate").orElseThrow(), "go on\n");

    PodProcess brain =
        await("another brain runs")
            .atMost(WorkSession.PATIENCE)
            .pollInterval(TICK)
            .until(
                () -> session.runningBrain().filter(it -> it.pid() != old.pid()),
                Optional::isPresent)
            .orElseThrow();
    Instant begun = begin(brain.pid());
    session.awaitAnswer("Both pieces are done: hold killed-" + number);
    List<LogRecord> after = session.log().subList(before, session.log().size());
    Instant wokeAt = wake(after, brain.podUid()).at();
    Instant nextAt =
        after.stream()
            .filter(record -> !(record.event() instanceof InternalEvent))
            .filter(record -> record.at().isAfter(wokeAt))
            .findFirst()
            .orElseThrow()
            .at();
    note(ended, killed, firstEnded.get(old.podUid()));
    note(ordered, firstEnded.get(old.podUid()), firstSeen.get(brain.podUid()));
    note(started, firstSeen.get(brain.podUid()), begun);
    note(woken, begun, wokeAt);
    note(next, wokeAt, nextAt);
    note(total, killed, nextAt);
  }

  private static LogRecord wake(List<LogRecord> records, String podUid) {
    return records.stream()
        .filter(record ->
            record.event() instanceof InternalEvent.Woken woken && woken.podUid().equals(podUid))
        .findFirst()
        .orElseThrow();
  }

  /** When a process began, to a hundredth of a second. */
  private static Instant begin(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    long ticks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    double uptime = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    return Instant.now().minusMillis(Math.round(uptime * 1000) - ticks * 10);
  }

  private static void note(List<Double> to, Instant from, Instant until) {
    to.add(Duration.between(from, until).toNanos() / 1e6);
  }

  List<Figure> figures() {
    return List.of(
        new Figure("kill -9 of a brain → the pod is known to have ended", "ms", ended),
        new Figure("→ the next pod exists", "ms", ordered),
        new Figure("→ its process begins", "ms", started),
        new Figure("→ it has woken (JVM, wake commit)", "ms", woken),
        new Figure("→ the next event (replay, hands, commit)", "ms", next),
        new Figure("**kill -9 → next event**, all of it", "ms", total));
  }

  @Override
  public void close() {
    watch.close();
  }
}
