package dev.rouse.log.configmap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.log.LogChange;
import dev.rouse.log.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the metadata of all tails of one namespace, or of all: which log moved, and what all of
 * them take. Lists again whenever it lost the thread, so a change is late at worst.
 */
final class LogWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final String SELECTOR =
      LogObjects.LOG + "," + LogObjects.PART + "=" + LogObjects.TAIL;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

  private record Known(String version, long head, long bytes) {}

  /** A log by where it is: the label alone could be somebody else's, of another namespace. */
  private record Place(String namespace, String uid) {}

  private final MetadataApi api;
  private final @Nullable String namespace;
  private final List<Consumer<LogChange>> listeners = new CopyOnWriteArrayList<>();
  private final Map<Place, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong total = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile String version = "";
  private @Nullable Thread thread;

  LogWatch(MetadataApi api, @Nullable String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  synchronized Subscription add(Consumer<LogChange> listener) {
    listeners.add(listener);
    if (thread == null) {
      thread = Thread.ofVirtual().name("log-watch").start(this::run);
    }
    return () -> listeners.remove(listener);
  }

  long totalBytes() {
    return total.get();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (stopped.getCount() > 0) {
      try {
        if (version.isEmpty()) {
          list();
        }
        api.watch(namespace, SELECTOR, version, this::event);
        pause = FIRST_PAUSE;
      } catch (MetadataApi.Expired e) {
        LOG.atDebug().setCause(e).log("the watch of logs begins anew");
        version = "";
      } catch (IOException e) {
        LOG.atWarn().setCause(e).log("the watch of logs was cut; it goes on by itself");
        if (pause(pause)) {
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits before the next attempt. @return whether the watch was closed meanwhile */
  private boolean pause(Duration pause) {
    long millis = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1);
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void list() throws IOException, InterruptedException {
    MetadataApi.Listing listing = api.list(namespace, SELECTOR);
    Set<Place> there = new HashSet<>();
    for (JsonNode metadata : listing.items()) {
      if (isTail(metadata)) {
        there.add(place(metadata));
      }
      seen(metadata);
    }
    for (Place place : Set.copyOf(known.keySet())) {
      if (!there.contains(place)) {
        gone(place);
      }
    }
    version = listing.resourceVersion();
  }

  private void event(JsonNode event) {
    JsonNode metadata = event.path("object").path("metadata");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> seen(metadata);
      case "DELETED" -> {
        if (isTail(metadata)) {
          gone(place(metadata));
        }
      }
      default -> {}
    }
    version = metadata.path("resourceVersion").asText(version);
  }

  private void seen(JsonNode metadata) {
    Place place = place(metadata);
    if (!isTail(metadata)) {
      return;
    }
    JsonNode annotations = metadata.path("annotations");
    Known now =
        new Known(
            metadata.path("resourceVersion").asText(),
            annotations.path(LogObjects.HEAD).asLong(-1),
            annotations.path(LogObjects.BYTES).asLong());
    Known before = known.put(place, now);
    total.addAndGet(now.bytes() - (before == null ? 0 : before.bytes()));
    if (before == null || !before.version().equals(now.version())) {
      tell(new LogChange(place.namespace(), place.uid(), now.head(), false));
    }
  }

  private void gone(Place place) {
    Known before = known.remove(place);
    if (before != null) {
      total.addAndGet(-before.bytes());
      tell(new LogChange(place.namespace(), place.uid(), -1, true));
    }
  }

  private void tell(LogChange change) {
    listeners.forEach(listener -> listener.accept(change));
  }

  /** A log has one name; what is only labelled like one is somebody else's. */
  private static boolean isTail(JsonNode metadata) {
    return LogObjects.tailName(place(metadata).uid()).equals(metadata.path("name").asText());
  }

  private static Place place(JsonNode metadata) {
    return new Place(
        metadata.path("namespace").asText(), metadata.path("labels").path(LogObjects.LOG).asText());
  }

  @Override
  public synchronized void close() {
    stopped.countDown();
    if (thread != null) {
      thread.interrupt();
    }
  }
}
