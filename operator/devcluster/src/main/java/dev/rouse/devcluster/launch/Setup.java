package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.controlplane.Manifests;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the dev cluster puts into the API server before its components start. */
final class Setup {

  static final String STORAGE_CLASS = "rouse-dev";
  static final String PROVISIONER = "rouse.dev/dev-directory";

  /** The ModelProvider that leads to the scripted model, and its Secret. */
  static final String MODEL_PROVIDER = "scripted";

  /** Somebody to be for {@code kubectl rouse} and for programs that use the API. */
  static final String DEVELOPER = "developer";

  static final String DEVELOPER_NAMESPACE = "default";
  private static final String MODEL_NAMESPACE = "default";
  private static final String MODEL_KEY = "api-key";

  private final KubernetesClient client;
  private final Manifests manifests;

  Setup(KubernetesClient client) {
    this.client = client;
    this.manifests = new Manifests(client);
  }

  /**
   * Accounts, the shipped roles and the storage class.
   *
   * @param root of the checkout, whose roles these are
   */
  void apply(Path root) throws IOException {
    manifests.apply(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(Components.NAMESPACE)
            .endMetadata()
            .build());
    account(Components.NAMESPACE, Components.OPERATOR_ACCOUNT);
    account(Components.NAMESPACE, Components.SERVER_ACCOUNT);
    account(Components.PROVISIONER_NAMESPACE, Components.PROVISIONER_ACCOUNT);
    resource("/rbac/provisioner.yaml");
    manifests.apply(Manifests.in(root.resolve("helm").resolve("rouse").resolve("files")));
    developer();
    manifests.apply(
        new StorageClassBuilder()
            .withNewMetadata()
            .withName(STORAGE_CLASS)
            .addToAnnotations("storageclass.kubernetes.io/is-default-class", "true")
            .endMetadata()
            .withProvisioner(PROVISIONER)
            .withReclaimPolicy("Delete")
            .withVolumeBindingMode("WaitForFirstConsumer")
            .build());
  }

  /**
   * The provider of the scripted model, where the kind exists.
   *
   * @param models one a script
   * @return whether the kind exists
   */
  boolean modelProvider(URI url, List<String> models) {
    if (client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("modelproviders.rouse.dev")
            .get()
        == null) {
      return false;
    }
    manifests.apply(
        new SecretBuilder()
            .withNewMetadata()
            .withName(MODEL_PROVIDER)
            .withNamespace(MODEL_NAMESPACE)
            .endMetadata()
            .addToStringData(MODEL_KEY, "scripted")
            .build());
    List<Map<String, Object>> list =
        models.stream()
            .<Map<String, Object>>map(
                model -> Map.of("name", model, "upstreamName", model, "maxTokens", 4096))
            .toList();
    manifests.apply(
        new GenericKubernetesResourceBuilder()
            .withApiVersion("rouse.dev/v1alpha1")
            .withKind("ModelProvider")
            .withNewMetadata()
            .withName(MODEL_PROVIDER)
            .withNamespace(MODEL_NAMESPACE)
            .endMetadata()
            .addToAdditionalProperties(
                "spec",
                Map.of(
                    "type",
                    "anthropic",
                    "baseURL",
                    url.toString(),
                    "secretRef",
                    Map.of("name", MODEL_PROVIDER, "key", MODEL_KEY),
                    "default",
                    true,
                    "models",
                    list))
            .build());
    return true;
  }

  /**
   * What a model says is run as this user on this machine: only scripts may say it, unless allowed.
   */
  void refuseRealModels() throws IOException {
    resource("/policy/real-models.yaml");
  }

  /** May do what a namespace's editors may, and approve: nobody else is here to ask. */
  private void developer() {
    account(DEVELOPER_NAMESPACE, DEVELOPER);
    for (String role : List.of("edit", "rouse-approve")) {
      manifests.apply(
          new RoleBindingBuilder()
              .withNewMetadata()
              .withName(DEVELOPER + "-" + role)
              .withNamespace(DEVELOPER_NAMESPACE)
              .endMetadata()
              .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
              .addNewSubject("", "ServiceAccount", DEVELOPER, DEVELOPER_NAMESPACE)
              .build());
    }
  }

  private void account(String namespace, String name) {
    manifests.apply(
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .build());
  }

  private void resource(String name) throws IOException {
    try (InputStream in = Setup.class.getResourceAsStream(name)) {
      manifests.apply(Objects.requireNonNull(in, name), name);
    }
  }
}
