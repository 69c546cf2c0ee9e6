package dev.rouse.devcluster.controlplane;

import dev.rouse.devcluster.pki.Kubeconfig;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of ServiceAccounts, and kubeconfig files whose token is replaced long before it expires:
 * how operator and server get, outside of any pod, exactly the rights they have in a cluster.
 */
final class Tokens implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** How long a token in a file is good for; it is replaced at half of that. */
  private static final Duration LIFE = Duration.ofHours(1);

  private static final Duration LOOK = Duration.ofSeconds(30);

  /** An account of a namespace. */
  record Account(String namespace, String name) {}

  private final KubernetesClient client;
  private final Path directory;
  private final Function<String, Kubeconfig> kubeconfig;
  private final InstantSource clock;
  private final Map<Account, Instant> issued = new ConcurrentHashMap<>();
  private final ScheduledExecutorService refresh =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("token-refresh").factory());

  /**
   * Keeps tokens.
   *
   * @param client may request tokens for every account
   * @param directory for the kubeconfig files
   * @param kubeconfig of a token
   */
  Tokens(
      KubernetesClient client,
      Path directory,
      Function<String, Kubeconfig> kubeconfig,
      InstantSource clock) {
    this.client = client;
    this.directory = directory;
    this.kubeconfig = kubeconfig;
    this.clock = clock;
    refresh.scheduleWithFixedDelay(
        this::refreshDue, LOOK.toSeconds(), LOOK.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * A token.
   *
   * @param audience whom it is for; empty for the API server itself
   * @param life at least ten minutes, says the API server
   */
  String request(Account account, String audience, Duration life) {
    TokenRequestBuilder request =
        new TokenRequestBuilder().withNewSpec().withExpirationSeconds(life.toSeconds()).endSpec();
    if (!audience.isEmpty()) {
      request.editSpec().withAudiences(audience).endSpec();
    }
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(account.namespace())
            .withName(account.name())
            .tokenRequest(request.build());
    return answer.getStatus().getToken();
  }

  /** The kubeconfig file of an account, kept fresh until {@link #close}. */
  Path file(Account account) throws IOException {
    Instant now = clock.instant();
    Path file = directory.resolve(account.namespace() + "." + account.name() + ".yaml");
    kubeconfig.apply(request(account, "", LIFE)).write(file);
    issued.put(account, now);
    return file;
  }

  /** Replaces every token that has passed half of its life. */
  void refreshDue() {
    issued.forEach((account, since) -> {
      if (Duration.between(since, clock.instant()).compareTo(LIFE.dividedBy(2)) < 0) {
        return;
      }
      try {
        file(account);
      } catch (IOException | RuntimeException e) {
        // The old token is good for another half hour, and the next look comes in seconds.
        LOG.atWarn()
            .addKeyValue("namespace", account.namespace())
            .addKeyValue("serviceAccount", account.name())
            .setCause(e)
            .log("could not refresh a token, will try again");
      }
    });
  }

  @Override
  public void close() {
    refresh.shutdownNow();
  }
}
