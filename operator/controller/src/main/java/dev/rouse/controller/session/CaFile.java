package dev.rouse.controller.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CA that brains trust the server by, read again for each pod: it may be renewed while the
 * operator runs, and a pod with yesterday's could not reach the server.
 */
final class CaFile {

  private static final Logger LOG = LoggerFactory.getLogger(CaFile.class);

  private final Path file;
  private volatile String last;

  /** Reads it. @throws UncheckedIOException when it cannot be read */
  CaFile(Path file) {
    this.file = file;
    try {
      this.last = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As it is now; as it was last while it cannot be read, for it is being replaced. */
  String pem() {
    try {
      last = Files.readString(file);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("going on with the CA as it was");
    }
    return last;
  }
}
