package dev.rouse.cli;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster and namespace: the same options and defaults as kubectl's. */
final class KubeOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Kubeconfig file; else $KUBECONFIG, else the one in your home directory.")
  private @Nullable File kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Context of the kubeconfig; else the current one.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Namespace; else the context's, else default.")
  private @Nullable String namespace;

  /** A client; the caller closes it. */
  KubernetesClient client() {
    Config config =
        kubeconfig == null
            ? Config.autoConfigure(context)
            : Config.fromKubeconfig(context, read(kubeconfig), kubeconfig.getPath());
    if (namespace != null) {
      config = new ConfigBuilder(config).withNamespace(namespace).build();
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /**
   * A client of another place; the caller closes it.
   *
   * @param otherContext null for the same cluster
   * @param otherNamespace null for {@code present}
   */
  KubernetesClient client(
      @Nullable String otherContext, @Nullable String otherNamespace, String present) {
    KubeOptions other = new KubeOptions();
    other.kubeconfig = kubeconfig;
    other.context = otherContext == null ? context : otherContext;
    other.namespace = otherNamespace == null ? present : otherNamespace;
    return other.client();
  }

  private static String read(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      throw new CliException("cannot read kubeconfig " + file + ": " + e.getMessage(), e);
    }
  }

  /** The namespace that commands work in. */
  static String namespaceOf(KubernetesClient client) {
    return Objects.requireNonNullElse(client.getNamespace(), "default");
  }

  /** The session of this name, or an error that says what to do. */
  static Session session(KubernetesClient client, String name) {
    String namespace = namespaceOf(client);
    @Nullable Session session =
        client.resources(Session.class).inNamespace(namespace).withName(name).get();
    if (session == null) {
      throw new CliException(
          "there is no session \"%s\" in namespace \"%s\"; \"kubectl get sessions.rouse.dev -A\" lists"
                  .formatted(name, namespace)
              + " them all");
    }
    return session;
  }
}
