package dev.rouse.cli;

import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse key create}: a new key, shown once. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Make an API key that stands for a ServiceAccount. It is shown once, on standard output.",
      "You need the right to create Secrets where Rouse is installed, and serviceaccounts/token of"
          + " the account."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse key create --as-sa team-a/ci",
      "  export ANTHROPIC_API_KEY=$(kubectl rouse key create --as-sa team-a/ci --expires 90d)"
    })
final class KeyCreateCommand implements Callable<Integer> {

  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");

  @Option(
      names = "--as-sa",
      required = true,
      paramLabel = "[NAMESPACE/]NAME",
      description = "The ServiceAccount that the key stands for.")
  private String account = "";

  @Option(names = "--name", paramLabel = "TEXT", description = "What the key is for, for people.")
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
      AccountName who = AccountName.of(account, KubeOptions.namespaceOf(client));
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      @Nullable Instant end = expires == null ? null : now.plus(time(expires));
      KeyOptions.requireTokens(client, who);
      keys.requireSecrets(client, "create");
      @Nullable ServiceAccount found =
          client.serviceAccounts().inNamespace(who.namespace()).withName(who.name()).get();
      if (found == null) {
        throw new CliException(
            "there is no ServiceAccount %s: make it with \"kubectl create serviceaccount %s -n %s\""
                .formatted(who, who.name(), who.namespace()));
      }
      ApiKey key = ApiKey.random(new SecureRandom());
      KeyGrant grant =
          new KeyGrant(
              key.hash(),
              who.namespace(),
              who.name(),
              found.getMetadata().getUid(),
              now,
              end,
              name);
      client.secrets().resource(grant.toSecret(keys.namespace())).create();
      err.printf(
          "%s speaks for ServiceAccount %s %s. The key is shown only now:%n",
          key.secretName(), who, end == null ? "until it is revoked" : "until " + end);
      err.flush();
      spec.commandLine().getOut().println(key.text());
      spec.commandLine().getOut().flush();
    }
    return CommandLine.ExitCode.OK;
  }

  static Duration time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new CliException("--expires must be like 90d, 12h or 30m, not " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
