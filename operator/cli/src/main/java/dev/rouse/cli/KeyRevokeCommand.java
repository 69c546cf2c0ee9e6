package dev.rouse.cli;

import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse key revoke}: ends keys. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = "Revoke API keys; within a minute no server takes them any more.",
    footer = {"", "Examples:", "  kubectl rouse key revoke rouse-key-0123456789abcdef0123"})
final class KeyRevokeCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "KEY",
      description = "Names as \"key list\" shows them, or keys themselves.")
  private List<String> names = List.of();

  @Mixin private KeyOptions keys;
  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (KubernetesClient client = kube.client()) {
      keys.requireSecrets(client, "delete");
      for (String text : names) {
        String name = ApiKey.of(text).map(ApiKey::secretName).orElse(text);
        var secret = client.secrets().inNamespace(keys.namespace()).withName(name);
        @Nullable Secret found = secret.get();
        if (found == null || !KeyGrant.TYPE.equals(found.getType())) {
          throw new CliException(
              "there is no API key %s in namespace %s: \"kubectl rouse key list\" lists them"
                  .formatted(name, keys.namespace()));
        }
        secret.delete();
        spec.commandLine().getOut().println(name + " revoked");
        spec.commandLine().getOut().flush();
      }
    }
    return CommandLine.ExitCode.OK;
  }
}
