package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code approve} and {@code deny} have in common. */
final class ConfirmOptions {

  @Parameters(index = "0", paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "CALL",
      description = "Ids of calls; may be left out where only one waits.")
  private List<String> calls = List.of();

  @Option(names = "--all", description = "All calls of the session that wait.")
  private boolean all;

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;

  /** Shows the calls that are meant, and sends the answer to all of them in one request. */
  void confirm(PrintWriter out, String done, Function<String, ObjectNode> answer)
      throws InterruptedException {
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, name).getMetadata().getUid());
      try (ServerClient connection = server.connect(client)) {
        List<JsonNode> chosen =
            Pending.of(Pending.Awaits.APPROVAL, connection.events(id, false))
                .chosen(calls, all, name);
        chosen.forEach(call -> out.println(Pending.describe(call)));
        out.flush();
        connection.send(
            id,
            chosen.stream().map(call -> answer.apply(call.path("id").asText())).toList(),
            UUID.randomUUID().toString());
        out.println(done);
        out.flush();
      }
    }
  }
}
