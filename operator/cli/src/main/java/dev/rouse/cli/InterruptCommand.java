package dev.rouse.cli;

import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse interrupt}: stops what an agent is doing. */
@Command(
    name = "interrupt",
    mixinStandardHelpOptions = true,
    description = {
      "Stop what the agent is doing: no model or tool call starts any more.",
      "The session stays, and goes on with the next message. Of a session at rest nothing changes."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse interrupt fix-the-bug",
      "  kubectl rouse interrupt fix-the-bug && kubectl rouse send fix-the-bug 'Use the other API.'"
    })
final class InterruptCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, name).getMetadata().getUid());
      try (ServerClient connection = server.connect(client)) {
        connection.send(id, List.of(ClientEvents.interrupt()), UUID.randomUUID().toString());
      }
    }
    out.println("interrupted");
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
