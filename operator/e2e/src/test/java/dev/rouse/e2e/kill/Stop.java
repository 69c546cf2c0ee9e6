package dev.rouse.e2e.kill;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.proxy.Hold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    private static final Duration READER = Duration.ofSeconds(20);

    @Override
    public void awaitReached() {
      await(session.name() + " executes its second call")
          .atMost(WorkSession.PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() ->
              session.lines(Evidence.WORKS).contains("second") && session.file("gate").isPresent());
    }

    @Override
    public void letOthersPass() {
      // The tool waits for whoever joins it.
    }

    @Override
    public void open() throws IOException {
      Path gate = session.file("gate").orElseThrow();
      // Opening a pipe waits for its reader: the tool is one, unless it was ended meanwhile.
      Thread opening =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  Files.writeString(gate, "go on\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      try {
        if (!opening.join(READER)) {
          throw new IOException("nobody reads at the gate of " + session.name() + " any more");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
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
