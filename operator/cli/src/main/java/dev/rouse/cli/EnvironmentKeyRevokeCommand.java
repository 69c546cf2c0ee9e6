package dev.rouse.cli;

import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse environment-key revoke}: ends keys. */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description =
        "Revoke environment keys; within a minute no server takes them any more, nor the tokens of"
            + " work that was taken with them.",
    footer = {
      "",
      "Examples:",
      "  kubectl rouse environment-key revoke rouse-env-key-0123456789abcdef0123"
    })
final class EnvironmentKeyRevokeCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "KEY",
      description = "Names as \"environment-key list\" shows them, or keys themselves.")
  private List<String> names = List.of();

  @Mixin private KeyOptions keys;
  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (KubernetesClient client = kube.client()) {
      keys.revoke(
          client,
          "environment key",
          "environment-key",
          EnvironmentGrant.TYPE,
          names.stream()
              .map(text -> EnvironmentKey.of(text).map(EnvironmentKey::secretName).orElse(text))
              .toList(),
          spec.commandLine().getOut());
    }
    return CommandLine.ExitCode.OK;
  }
}
