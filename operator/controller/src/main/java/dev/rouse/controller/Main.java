package dev.rouse.controller;

import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.ProbeServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator as a program; its settings are {@link Settings}.
 *
 * <p>Exit codes: 143 after SIGTERM, 64 when a setting is missing or wrong, 1 when it cannot start
 * or lost the leader's Lease.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int USAGE = 64;
  private static final int FAILURE = 1;

  private Main() {}

  public static void main(String[] args) throws Exception {
    Settings settings;
    try {
      settings = Settings.from(System.getenv());
    } catch (Settings.SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
      return;
    }
    run(settings);
  }

  private static void run(Settings settings) throws IOException, InterruptedException {
    KubernetesClient client = new KubernetesClientBuilder().build();
    AtomicBoolean ending = new AtomicBoolean();
    Meters meters = new Meters();
    Operator operator =
        Operators.create(
            client,
            settings,
            Clock.systemUTC(),
            () -> UUID.randomUUID().toString().substring(0, 13).replace("-", ""),
            () -> exitUnless(ending),
            meters);
    AtomicBoolean started = new AtomicBoolean();
    BooleanSupplier ready =
        () -> started.get() && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    if (settings.healthListen().isPresent()) {
      ProbeServer.start("ROUSE_HEALTH_LISTEN", settings.healthListen().get(), ready);
    }
    if (settings.metricsListen().isPresent()) {
      ProbeServer.start(
          "ROUSE_METRICS_LISTEN", settings.metricsListen().get(), ready, meters::scrape);
    }
    CountDownLatch ended = new CountDownLatch(1);
    // Of our own: the operator's hook is not installed where a leader is elected.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ending.set(true);
                  operator.stop();
                  client.close();
                  ended.countDown();
                },
                "shutdown"));
    operator.start();
    started.set(true);
    LOG.atInfo().addKeyValue("namespace", settings.namespace()).log("operator started");
    ended.await();
  }

  /** Whoever is not the leader any more must not act: another may be already. */
  private static void exitUnless(AtomicBoolean ending) {
    if (!ending.get()) {
      LOG.error("the leader's Lease was lost: exiting, to be started again");
      System.exit(FAILURE);
    }
  }
}
