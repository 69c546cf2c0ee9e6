package dev.rouse.cli;

import dev.rouse.api.key.KeyGrant;
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

/** {@code kubectl rouse key list}: which keys there are, without the keys. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List API keys: whom each stands for and until when. The keys are not kept.",
    footer = {"", "Examples:", "  kubectl rouse key list"})
final class KeyListCommand implements Callable<Integer> {

  @Mixin private KeyOptions keys;
  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (KubernetesClient client = kube.client()) {
      List<KeyGrant> grants =
          keys.list(client, KeyGrant.LABEL).stream()
              .flatMap(secret -> KeyGrant.of(secret).stream())
              .sorted(Comparator.comparing(KeyGrant::created))
              .toList();
      print(spec.commandLine().getOut(), grants, Instant.now());
    }
    return CommandLine.ExitCode.OK;
  }

  private static void print(PrintWriter out, List<KeyGrant> grants, Instant now) {
    if (grants.isEmpty()) {
      out.println("No API keys.");
    } else {
      String row = "%-30s %-32s %-20s %-20s %s";
      out.println(String.format(row, "KEY", "SERVICEACCOUNT", "CREATED", "EXPIRES", "NAME"));
      for (KeyGrant grant : grants) {
        String end = KeyOptions.end(grant.expires(), grant.isExpired(now));
        out.println(
            String.format(
                    row,
                    grant.secretName(),
                    grant.namespace() + "/" + grant.serviceAccount(),
                    grant.created(),
                    end,
                    grant.name())
                .stripTrailing());
      }
    }
    out.flush();
  }
}
