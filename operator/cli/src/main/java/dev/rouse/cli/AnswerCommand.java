package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse answer}: the result of a tool that the client runs. */
@Command(
    name = "answer",
    mixinStandardHelpOptions = true,
    description = {
      "Give the result of a custom tool: one that the agent calls and you run.",
      "Shows the call before. The agent goes on once all its calls are answered."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse answer forecast 'snow, -4 degrees'",
      "  kubectl rouse answer forecast --call sevt_01abc --error 'no such city'",
      "  query.sh | kubectl rouse answer forecast -"
    })
final class AnswerCommand implements Callable<Integer> {

  private static final String STDIN = "-";

  @Parameters(index = "0", paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "TEXT",
      description = "The result; - reads it from standard input.")
  private String text = "";

  @Option(
      names = "--call",
      paramLabel = "CALL",
      description = "Id of the call; may be left out where only one waits.")
  private @Nullable String call;

  @Option(names = "--error", description = "The tool failed; TEXT says how.")
  private boolean isError;

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, name).getMetadata().getUid());
      try (ServerClient connection = server.connect(client)) {
        JsonNode chosen =
            Pending.of(Pending.Awaits.RESULT, connection.events(id, false))
                .chosen(call == null ? List.of() : List.of(call), false, name)
                .getFirst();
        out.print(Pending.whole(chosen));
        out.flush();
        String result =
            text.equals(STDIN)
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : text;
        connection.send(
            id,
            List.of(ClientEvents.result(chosen.path("id").asText(), result, isError)),
            UUID.randomUUID().toString());
      }
    }
    out.println("answered");
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
