package dev.rouse.cli;

import dev.rouse.api.Session;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse ls}: all sessions, those that need a person first. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "List the sessions of the namespace, those that need a person first.",
    footer = {"", "Examples:", "  kubectl rouse ls", "  kubectl rouse ls --all-namespaces"})
final class ListCommand implements Callable<Integer> {

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Those of all namespaces.")
  private boolean everywhere;

  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KubernetesClient client = kube.client()) {
      var sessions = client.resources(Session.class);
      List<Session> found =
          everywhere
              ? sessions.inAnyNamespace().list().getItems()
              : sessions.inNamespace(KubeOptions.namespaceOf(client)).list().getItems();
      new SessionTable(out, Instant.now(), everywhere).print(found);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
