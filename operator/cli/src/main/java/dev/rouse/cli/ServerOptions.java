package dev.rouse.cli;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, and as whom to talk to it. */
final class ServerOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:ROUSE_SERVER}",
      description = "Base URL of the Rouse server; else $$ROUSE_SERVER.")
  private @Nullable URI server;

  @Option(
      names = "--server-ca",
      paramLabel = "FILE",
      defaultValue = "${env:ROUSE_SERVER_CA}",
      description =
          "CA certificate (PEM) of the server; else $$ROUSE_SERVER_CA, else the cluster's own CA and"
              + " the public ones.")
  private @Nullable Path serverCa;

  @Option(
      names = "--as-sa",
      paramLabel = "[NAMESPACE/]NAME",
      defaultValue = "${env:ROUSE_AS_SA}",
      description =
          "Talk to the server as this ServiceAccount, by a short-lived token that the cluster issues;"
              + " else $$ROUSE_AS_SA. You need the right to create serviceaccounts/token for it.")
  private @Nullable String asServiceAccount;

  /** The server, with a token of audience {@code rouse}. */
  ServerClient connect(KubernetesClient client) {
    if (server == null) {
      throw new CliException(
          "which server? Give --server URL or set ROUSE_SERVER, for example"
              + " --server https://rouse.example.com");
    }
    return new ServerClient(
        server, Trust.context(serverCa, client.getConfiguration()), token(client));
  }

  private String token(KubernetesClient client) {
    String ready = System.getenv("ROUSE_TOKEN");
    if (asServiceAccount == null && ready != null && !ready.isBlank()) {
      return ready;
    }
    if (asServiceAccount == null) {
      throw new CliException(
          "as whom? Give --as-sa NAMESPACE/NAME, a ServiceAccount that may read sessions.rouse.dev and"
              + " sessions/events, or set ROUSE_TOKEN to a token of audience \"rouse\"");
    }
    int slash = asServiceAccount.indexOf('/');
    String namespace =
        slash < 0 ? KubeOptions.namespaceOf(client) : asServiceAccount.substring(0, slash);
    String name = asServiceAccount.substring(slash + 1);
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(name)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(List.of(Rouse.AUDIENCE))
                .withExpirationSeconds(3600L)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }
}
