package dev.rouse.cli;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A ServiceAccount's token for the server, asked for again before it ends: a watch takes long. */
final class ShortLivedToken implements Supplier<String> {

  private static final Duration LIFE = Duration.ofHours(1);

  /** When it is asked for anew: the cluster may give less than it was asked for. */
  private static final Duration USED = Duration.ofMinutes(8);

  private final KubernetesClient client;
  private final AccountName account;
  private @Nullable String token;
  private long since;

  /** Asks for the first one, so that whoever may not is told at once. */
  ShortLivedToken(KubernetesClient client, AccountName account) {
    this.client = client;
    this.account = account;
    get();
  }

  @Override
  public synchronized String get() {
    long now = System.nanoTime();
    String current = token;
    if (current == null || now - since > USED.toNanos()) {
      current = request();
      token = current;
      since = now;
    }
    return current;
  }

  private String request() {
    return client
        .serviceAccounts()
        .inNamespace(account.namespace())
        .withName(account.name())
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(List.of(Rouse.AUDIENCE))
                .withExpirationSeconds(LIFE.toSeconds())
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }
}
