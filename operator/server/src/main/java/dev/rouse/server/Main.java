package dev.rouse.server;

import dev.rouse.log.LogStore;
import dev.rouse.server.release.Check;
import dev.rouse.server.release.Uninstall;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's program. Settings: {@link ServerConfig}; the cluster is the one that the pod's own
 * ServiceAccount or {@code KUBECONFIG} leads to. Exit codes: 143 when told to end, 64 when a
 * setting is wrong, 70 when it cannot start, 74 when the disk of its logs failed.
 *
 * <p>With an argument it is what the chart runs once, from the image that is there anyway: {@code
 * check} ({@link Check}) or {@code uninstall} ({@link Uninstall}), which exit with 0 or with 1 and
 * a sentence that says why.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int USAGE = 64;
  private static final int FAILED = 1;
  private static final int SOFTWARE = 70;
  private static final int RETRIES = 3;

  private Main() {}

  /** Runs what the first argument names; without one it serves. */
  public static void main(String[] args) throws InterruptedException {
    switch (args.length == 0 ? "" : args[0]) {
      case "" -> serve();
      case "check" -> once(() -> Check.of(System.getenv()).run());
      case "uninstall" ->
          once(() -> {
            try (KubernetesClient client = client()) {
              return Uninstall.of(client, System.getenv()).run();
            }
          });
      default -> {
        LOG.atError().log("{}: there are only check and uninstall", args[0]);
        System.exit(USAGE);
      }
    }
  }

  private static void once(Callable<String> task) {
    try {
      LOG.atInfo().log(task.call());
    } catch (Exception e) {
      LOG.atError().log(Objects.requireNonNullElseGet(e.getMessage(), e::toString));
      System.exit(FAILED);
    }
  }

  private static void serve() throws InterruptedException {
    ServerConfig config;
    try {
      config = ServerConfig.of(System.getenv());
    } catch (IllegalArgumentException e) {
      LOG.atError().log(e.getMessage());
      System.exit(USAGE);
      return;
    }
    CountDownLatch ended = new CountDownLatch(1);
    try (KubernetesClient client = client();
        LogStore store = Stores.open(config, client);
        Server server = Server.start(client, store, config, Clock.systemUTC())) {
      CountDownLatch told = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    told.countDown();
                    await(ended);
                  },
                  "shutdown"));
      LOG.atInfo().log("serving on port {}", server.port());
      told.await();
      LOG.atInfo().log("told to end");
    } catch (IOException | RuntimeException e) {
      LOG.atError().setCause(e).log("cannot serve");
      ended.countDown();
      System.exit(SOFTWARE);
    } finally {
      ended.countDown();
    }
  }

  /** Repeats briefly what failed for the way, not for minutes: callers repeat, too. */
  private static KubernetesClient client() {
    Config config = Config.autoConfigure(null);
    config.setRequestRetryBackoffLimit(RETRIES);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
