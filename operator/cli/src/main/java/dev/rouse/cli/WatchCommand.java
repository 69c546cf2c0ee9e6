package dev.rouse.cli;

import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse watch}: a session's history, then every event as it happens. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Show a session's history, then every event as it happens.",
      "Goes on across restarts of the server; ends when the session ends, or with Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse watch fix-the-bug --as-sa team-a/me",
      "  kubectl rouse watch fix-the-bug --server https://rouse.example.com --as-sa default/me",
      "  kubectl rouse watch fix-the-bug --until-idle",
      "  kubectl rouse watch fix-the-bug -o json | jq -r .type"
    })
final class WatchCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Option(
      names = "--until-idle",
      description = "End when the session is idle and nothing is queued.")
  private boolean untilIdle;

  @Option(
      names = "--internal",
      description = "Show the runtime's own events, too: wakes, dispatches.")
  private boolean internal;

  @Mixin private OutputOptions output;
  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (KubernetesClient client = kube.client();
        ServerClient connection = server.connect(client)) {
      Session session = KubeOptions.session(client, name);
      String id = WireIds.session(session.getMetadata().getUid());
      EventPrinter printer = output.printer(spec.commandLine());
      Progress progress = new Progress();
      new SessionFollower(connection, id, internal)
          .follow(
              event -> {
                progress.add(event);
                printer.print(event);
              },
              () -> progress.isOver() || (untilIdle && progress.isIdle() && connection.isIdle(id)),
              printer::notice);
      return CommandLine.ExitCode.OK;
    }
  }
}
