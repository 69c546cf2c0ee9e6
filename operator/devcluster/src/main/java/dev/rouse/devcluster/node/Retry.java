package dev.rouse.devcluster.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for an API server that is just starting, or starting again. */
final class Retry {

  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
  private static final long PAUSE_MILLIS = 500;

  private Retry() {}

  /** Calls until it succeeds; gives up only when interrupted. */
  static <T> T until(Supplier<T> call) throws InterruptedException {
    while (true) {
      try {
        return call.get();
      } catch (KubernetesClientException e) {
        LOG.atWarn()
            .addKeyValue("error", e.getMessage())
            .log("API server not usable, trying again");
        // Nothing announces that a server begins to answer.
        var unused = new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }
}
