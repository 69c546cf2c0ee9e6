package dev.rouse.devcluster.node.process;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells within milliseconds that a file of a directory was made or written, from the kernel's
 * notifications. It is how exits of adopted processes and growth of logs are seen without polling.
 * A call says only "look again": several changes may come as one.
 */
public final class DirectoryWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

  private final WatchService service;
  private final Map<WatchKey, Runnable> listeners = new ConcurrentHashMap<>();

  public DirectoryWatch() throws IOException {
    service = FileSystems.getDefault().newWatchService();
    Thread.ofPlatform().daemon().name("directory-watch").start(this::run);
  }

  /**
   * Starts to watch; at most one listener per directory.
   *
   * @param onChange called on the watch's own thread: must not block
   */
  public Registration register(Path directory, Runnable onChange) throws IOException {
    WatchKey key =
        directory.register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    listeners.put(key, onChange);
    return () -> {
      listeners.remove(key);
      try {
        key.cancel();
      } catch (ClosedWatchServiceException e) {
        LOG.debug("the whole watch was closed before");
      }
    };
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        // Reset first: a change during the call must bring another call.
        key.reset();
        Runnable listener = listeners.get(key);
        if (listener != null) {
          call(listener);
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("directory watch closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void call(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a listener of a directory failed");
    }
  }

  /** Ends one watch. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
