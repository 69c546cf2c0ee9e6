package dev.rouse.cli;

import dev.rouse.api.key.EnvironmentGrant;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse environment-key list}: which keys there are, without the keys. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List keys of self-hosted environments. The keys themselves are not kept.",
    footer = {"", "Examples:", "  kubectl rouse environment-key list"})
final class EnvironmentKeyListCommand implements Callable<Integer> {

  private static final String ROW = "%-34s %-32s %-20s %-20s %s";

  @Mixin private KeyOptions keys;
  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (KubernetesClient client = kube.client()) {
      List<EnvironmentGrant> grants =
          keys.list(client, EnvironmentGrant.LABEL).stream()
              .flatMap(secret -> EnvironmentGrant.of(secret).stream())
              .sorted(Comparator.comparing(EnvironmentGrant::created))
              .toList();
      print(spec.commandLine().getOut(), grants, Instant.now());
    }
    return CommandLine.ExitCode.OK;
  }

  private static void print(PrintWriter out, List<EnvironmentGrant> grants, Instant now) {
    if (grants.isEmpty()) {
      out.println("No environment keys.");
    } else {
      out.println(ROW.formatted("KEY", "ENVIRONMENT", "CREATED", "EXPIRES", "NAME"));
      for (EnvironmentGrant grant : grants) {
        out.println(
            ROW.formatted(
                    grant.secretName(),
                    grant.namespace() + "/" + grant.environment(),
                    grant.created(),
                    KeyOptions.end(grant.expires(), grant.isExpired(now)),
                    grant.name())
                .stripTrailing());
      }
    }
    out.flush();
  }
}
