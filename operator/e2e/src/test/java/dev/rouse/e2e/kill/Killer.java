package dev.rouse.e2e.kill;

import dev.rouse.api.SessionStatus;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.PodProcess;
import dev.rouse.e2e.cluster.WorkSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Kills the server, the operator and brains in an order that a seed decides, until it is told to
 * stop or has done its share.
 */
final class Killer implements Runnable {

  /** The launcher starts a component that dies often only after growing pauses. */
  private static final int MOST_OF_A_COMPONENT = 3;

  /** Far below the sixth wake without progress, at which a session is put to rest. */
  private static final int MOST_OF_A_SESSION = 2;

  private static final int PAUSE_MILLIS = 1_500;

  private final Cluster cluster;
  private final List<WorkSession> sessions;
  private final RandomGenerator random;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, Integer> kills = new HashMap<>();
  private final List<String> done = new ArrayList<>();

  Killer(Cluster cluster, List<WorkSession> sessions, RandomGenerator random) {
    this.cluster = cluster;
    this.sessions = List.copyOf(sessions);
    this.random = random;
  }

  /** Ends the killing; what was struck is listed. */
  synchronized List<String> stop() {
    stop.countDown();
    return List.copyOf(done);
  }

  @Override
  public void run() {
    try {
      // The pause is part of the dice: nothing is waited for.
      while (!stop.await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
        strike();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void strike() throws InterruptedException {
    switch (random.nextInt(5)) {
      case 0 -> component("server");
      case 1 -> component("operator");
      default -> brain(sessions.get(random.nextInt(sessions.size())));
    }
  }

  private void component(String name) throws InterruptedException {
    if (mayKill(name, MOST_OF_A_COMPONENT)) {
      cluster.kill(name);
      done.add(name);
    }
  }

  private void brain(WorkSession session) throws InterruptedException {
    Optional<PodProcess> brain = session.runningBrain();
    Optional<SessionStatus> status = Optional.ofNullable(session.status());
    boolean works = status.map(SessionStatus::phase).filter("Running"::equals).isPresent();
    if (works && brain.isPresent() && mayKill(session.name(), MOST_OF_A_SESSION)) {
      if (brain.get().tryKill()) {
        done.add("brain of " + session.name());
      }
    }
  }

  private boolean mayKill(String victim, int most) {
    return kills.merge(victim, 1, Integer::sum) <= most;
  }
}
