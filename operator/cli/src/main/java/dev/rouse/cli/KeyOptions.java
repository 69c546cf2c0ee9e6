package dev.rouse.cli;

import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where keys are kept, and whether the user may touch them. */
final class KeyOptions {

  @Option(
      names = "--rouse-namespace",
      paramLabel = "NAME",
      defaultValue = "${env:ROUSE_NAMESPACE:-" + Rouse.RELEASE_NAMESPACE + "}",
      description =
          "Where Rouse is installed; else $$ROUSE_NAMESPACE, else " + Rouse.RELEASE_NAMESPACE + ".")
  private String namespace = Rouse.RELEASE_NAMESPACE;

  String namespace() {
    return namespace;
  }

  /** Refuses a user who may not {@code verb} Secrets here. */
  void requireSecrets(KubernetesClient client, String verb) {
    require(
        client,
        new ResourceAttributesBuilder()
            .withNamespace(namespace)
            .withVerb(verb)
            .withGroup("")
            .withResource("secrets")
            .build(),
        "keys are kept in Secrets of namespace " + namespace);
  }

  /**
   * Ends keys.
   *
   * @param what the kind of key, for messages; {@code kubectl rouse <command> list} lists them
   * @param type of their Secrets
   * @param secrets their names
   */
  void revoke(
      KubernetesClient client,
      String what,
      String command,
      String type,
      List<String> secrets,
      PrintWriter out) {
    requireSecrets(client, "delete");
    for (String name : secrets) {
      var secret = client.secrets().inNamespace(namespace).withName(name);
      @Nullable Secret found = secret.get();
      if (found == null || !type.equals(found.getType())) {
        throw new CliException(
            "there is no %s %s in namespace %s: \"kubectl rouse %s list\" lists them"
                .formatted(what, name, namespace, command));
      }
      secret.delete();
      out.println(name + " revoked");
      out.flush();
    }
  }

  /** The Secrets of all keys of a type. */
  List<Secret> list(KubernetesClient client, String label) {
    requireSecrets(client, "list");
    return client.secrets().inNamespace(namespace).withLabel(label, "true").list().getItems();
  }

  /** When a key ends, for people. */
  static String end(@Nullable Instant expires, boolean isExpired) {
    return expires == null ? "never" : isExpired ? "expired" : expires.toString();
  }

  /** Refuses a user who could not become this account anyway: a key must not give more. */
  static void requireTokens(KubernetesClient client, AccountName account) {
    require(
        client,
        new ResourceAttributesBuilder()
            .withNamespace(account.namespace())
            .withVerb("create")
            .withGroup("")
            .withResource("serviceaccounts")
            .withSubresource("token")
            .withName(account.name())
            .build(),
        "a key speaks for ServiceAccount " + account);
  }

  private static void require(KubernetesClient client, ResourceAttributes right, String why) {
    var review =
        client
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(
                new SelfSubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withResourceAttributes(right)
                    .endSpec()
                    .build());
    if (review.getStatus() == null || !Boolean.TRUE.equals(review.getStatus().getAllowed())) {
      String resource =
          right.getSubresource() == null
              ? right.getResource()
              : right.getResource() + "/" + right.getSubresource();
      throw new CliException(
          "you may not %s %s in namespace %s: %s, so ask for that right"
              .formatted(right.getVerb(), resource, right.getNamespace(), why));
    }
  }
}
