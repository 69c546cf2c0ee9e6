package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.WorkGate;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import java.io.IOException;
import java.util.List;

/** A session that stands at its kill point, and how it goes on from there. */
sealed interface Stop {

  /** Waits until it stands there. */
  void awaitReached() throws InterruptedException;

  /** Keeps what stands here and lets the session go on without it. */
  void letOthersPass();

  /** Lets it go on. */
  void open() throws IOException;

  /** What was on its way when its sender died never arrives. */
  void lose() throws IOException;

  /** How a request that was held here was answered in the end. */
  List<Integer> answers();

  /** A request is held. */
  record Held(Hold hold) implements Stop {

    @Override
    public void awaitReached() throws InterruptedException {
      hold.awaitHit(WorkSession.PATIENCE);
    }

    @Override
    public void letOthersPass() {
      hold.takeNoMore();
    }

    @Override
    public void open() {
      hold.release();
    }

    @Override
    public void lose() {
      hold.drop();
    }

    @Override
    public List<Integer> answers() {
      return hold.answers();
    }
  }

  /** A tool waits at a pipe in the workspace. */
  record Gate(WorkSession session) implements Stop {

    @Override
    public void awaitReached() {
      new WorkGate(session).awaitReached();
    }

    @Override
    public void letOthersPass() {
      // The tool waits for whoever joins it.
    }

    @Override
    public void open() throws IOException {
      new WorkGate(session).open();
    }

    @Override
    public void lose() {
      // The reader is dead: nothing is on its way.
    }

    @Override
    public List<Integer> answers() {
      return List.of();
    }
  }
}
