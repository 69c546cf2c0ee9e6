package dev.rouse.cli;

import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
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
      keys.revoke(
          client,
          "API key",
          "key",
          KeyGrant.TYPE,
          names.stream().map(text -> ApiKey.of(text).map(ApiKey::secretName).orElse(text)).toList(),
          spec.commandLine().getOut());
    }
    return CommandLine.ExitCode.OK;
  }
}
