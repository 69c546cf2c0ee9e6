package dev.rouse.controller;

import dev.rouse.api.crd.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A real API server with the CRDs and the shipped roles. */
final class Installation implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("rouse.root"));
  private static final String ACCOUNT = "system:serviceaccount:rouse-system:";

  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "Namespace",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");

  private final ApiServer server;

  private Installation(ApiServer server) {
    this.server = server;
  }

  static Installation start() throws IOException {
    Installation installation = new Installation(ApiServer.start());
    for (String directory : List.of("crds", "helm/rouse/files")) {
      if (directory.startsWith("helm")) {
        installation.apply(
            "default", "{apiVersion: v1, kind: Namespace, metadata: {name: rouse-system}}");
      }
      for (Path file : yaml(ROOT.resolve(directory))) {
        installation.apply("default", Files.readString(file));
      }
    }
    return installation;
  }

  KubernetesClient admin() {
    return server.client();
  }

  KubernetesClient as(String account) {
    Config config = Config.fromKubeconfig(new String(server.kubeconfig(), StandardCharsets.UTF_8));
    config.setImpersonateUsername(ACCOUNT + account);
    config.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:rouse-system", "system:authenticated");
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  void apply(String namespace, String documents) {
    for (String document : documents.split("(?m)^---$")) {
      HasMetadata object =
          Serialization.unmarshal(document.startsWith("{") ? "---\n" + document : document);
      boolean inNamespace =
          !CLUSTER_SCOPED.contains(object.getKind()) && object.getMetadata().getNamespace() == null;
      if (inNamespace) {
        object.getMetadata().setNamespace(namespace);
      }
      admin().resource(object).create();
    }
  }

  private static List<Path> yaml(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
