package dev.rouse.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The pipe in the workspace at which the script's second call waits when it was told "hold". */
public record WorkGate(SessionView session) {

  private static final Duration READER = Duration.ofSeconds(20);
  private static final String WORKS = "works.log";

  /** Waits until the call stands there. */
  public void awaitReached() {
    await(session.name() + " executes its second call")
        .atMost(SessionView.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> session.lines(WORKS).contains("second") && session.file("gate").isPresent());
  }

  /** Lets it go on. */
  public void open() throws IOException {
    open(session.file("gate").orElseThrow());
  }

  /** The same for a gate whose place is known: without a look at the cluster. */
  public static void open(Path gate) throws IOException {
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
        throw new IOException("nobody reads at " + gate + " any more");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
