package dev.rouse.cli;

import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse environment-key create}: a new key, shown once. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Make a key of a self-hosted environment. It is shown once, on standard output.",
      "You need the right to create Secrets where Rouse is installed."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse environment-key create --environment farm",
      "  export ANTHROPIC_ENVIRONMENT_KEY=$(kubectl rouse environment-key create --environment farm)"
    })
final class EnvironmentKeyCreateCommand implements Callable<Integer> {

  @Option(
      names = "--environment",
      required = true,
      paramLabel = "NAME",
      description = "The Environment that the key is for, of type self_hosted.")
  private String environment = "";

  @Option(names = "--name", paramLabel = "TEXT", description = "Who has the key, for people.")
  private String name = "";

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "From when it is no longer taken: 90d, 12h or 30m from now; never if left out.")
  private @Nullable String expires;

  @Mixin private KeyOptions keys;
  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (KubernetesClient client = kube.client()) {
      String namespace = KubeOptions.namespaceOf(client);
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      @Nullable Instant end = expires == null ? null : now.plus(KeyCreateCommand.time(expires));
      keys.requireSecrets(client, "create");
      Environment found = environment(client, namespace);
      EnvironmentKey key = EnvironmentKey.random(new SecureRandom());
      EnvironmentGrant grant =
          new EnvironmentGrant(
              key.hash(), namespace, environment, found.getMetadata().getUid(), now, end, name);
      client.secrets().resource(grant.toSecret(keys.namespace())).create();
      err.printf(
          "%s is for Environment %s/%s, id %s, %s. The key is shown only now:%n",
          key.secretName(),
          namespace,
          environment,
          WireIds.environment(found.getMetadata().getUid()),
          end == null ? "until it is revoked" : "until " + end);
      err.flush();
      spec.commandLine().getOut().println(key.text());
      spec.commandLine().getOut().flush();
    }
    return CommandLine.ExitCode.OK;
  }

  private Environment environment(KubernetesClient client, String namespace) {
    @Nullable Environment found =
        client.resources(Environment.class).inNamespace(namespace).withName(environment).get();
    if (found == null) {
      throw new CliException(
          "there is no Environment %s in namespace %s: \"kubectl get environments -n %s\" lists them"
              .formatted(environment, namespace, namespace));
    }
    if (!found.getSpec().selfHosted()) {
      throw new CliException(
          "Environment %s is of type cloud and has no workers: a key is for one of spec.type: self_hosted"
              .formatted(environment));
    }
    return found;
  }
}
