package dev.rouse.cli;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is, and as whom to talk to it. */
final class ServerOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:ROUSE_SERVER}",
      description =
          "Base URL of the Rouse server; else $$ROUSE_SERVER, else a port-forward to one of its pods.")
  private @Nullable URI server;

  @Option(
      names = "--rouse-namespace",
      paramLabel = "NAME",
      defaultValue = "${env:ROUSE_NAMESPACE:-" + Rouse.RELEASE_NAMESPACE + "}",
      description =
          "Where Rouse is installed; else $$ROUSE_NAMESPACE, else " + Rouse.RELEASE_NAMESPACE + ".")
  private String rouseNamespace = Rouse.RELEASE_NAMESPACE;

  @Option(
      names = "--server-ca",
      paramLabel = "FILE",
      defaultValue = "${env:ROUSE_SERVER_CA}",
      description =
          "CA certificate (PEM) of the server; else $$ROUSE_SERVER_CA, else, with --server, the"
              + " cluster's own CA and the public ones, or without it the one in ConfigMap "
              + Rouse.CA_CONFIG_MAP
              + ".")
  private @Nullable Path serverCa;

  @Option(
      names = "--as-sa",
      paramLabel = "[NAMESPACE/]NAME",
      defaultValue = "${env:ROUSE_AS_SA}",
      description =
          "Talk to the server as this ServiceAccount, by a short-lived token that the cluster issues;"
              + " else $$ROUSE_AS_SA. You need the right to create serviceaccounts/token for it.")
  private @Nullable String asServiceAccount;

  /**
   * The server, with a credential.
   *
   * @param client stays open as long as what is returned
   */
  ServerClient connect(KubernetesClient client) {
    Supplier<String> token = token(client);
    String workspace = KubeOptions.namespaceOf(client);
    if (server != null) {
      return new ServerClient(
          server, Trust.context(serverCa, client.getConfiguration()), token, workspace, null);
    }
    String authorities = authorities(client);
    PodDoor door = PodDoor.open(client, rouseNamespace);
    String name = Rouse.SERVER_SERVICE + "." + rouseNamespace + ".svc";
    return new ServerClient(door.uri(), Trust.named(name, authorities), token, workspace, door);
  }

  /**
   * The server of another place, with a credential that holds there.
   *
   * @param url where it is; null to find it
   * @param ca file with the certificate to trust it by; null for the usual ones
   * @param sameCluster whether the server that these options name will do
   */
  ServerClient connect(
      KubernetesClient client, @Nullable URI url, @Nullable Path ca, boolean sameCluster) {
    ServerOptions other = new ServerOptions();
    other.server = url != null ? url : sameCluster ? server : null;
    other.rouseNamespace = rouseNamespace;
    other.serverCa = ca != null ? ca : sameCluster ? serverCa : null;
    other.asServiceAccount = asServiceAccount;
    return other.connect(client);
  }

  private String authorities(KubernetesClient client) {
    try {
      if (serverCa != null) {
        return Files.readString(serverCa);
      }
      @Nullable ConfigMap published =
          client.configMaps().inNamespace(rouseNamespace).withName(Rouse.CA_CONFIG_MAP).get();
      if (published == null || published.getData() == null) {
        throw new CliException(
            ("there is no ConfigMap %s in namespace %s to trust the server by: give --server-ca FILE,"
                    + " or --rouse-namespace if Rouse is elsewhere")
                .formatted(Rouse.CA_CONFIG_MAP, rouseNamespace));
      }
      return published.getData().getOrDefault(Rouse.CA_KEY, "");
    } catch (IOException e) {
      throw new CliException("cannot read " + serverCa + ": " + e.getMessage(), e);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new CliException(
            ("you may not read ConfigMap %s in namespace %s: ask for Role rouse-connect there, or"
                    + " give --server URL")
                .formatted(Rouse.CA_CONFIG_MAP, rouseNamespace),
            e);
      }
      throw e;
    }
  }

  private Supplier<String> token(KubernetesClient client) {
    String ready = System.getenv("ROUSE_TOKEN");
    if (asServiceAccount == null && ready != null && !ready.isBlank()) {
      return () -> ready;
    }
    if (asServiceAccount == null) {
      throw new CliException(
          "as whom? Give --as-sa NAMESPACE/NAME, a ServiceAccount that may use sessions.rouse.dev and"
              + " sessions/events, or set ROUSE_TOKEN to an API key or a token of audience"
              + " \"rouse\"");
    }
    AccountName account = AccountName.of(asServiceAccount, KubeOptions.namespaceOf(client));
    return new ShortLivedToken(client, account);
  }
}
