package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask again; without a terminal nobody is asked.")
  private boolean yes;

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;

  private void ask(@Nullable String question) {
    @Nullable Console console = System.console();
    if (question == null || yes || console == null || !console.isTerminal()) {
      return;
    }
    @Nullable String answer = console.readLine("%s [y/N] ", question);
    if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
      throw new CliException("nothing was sent");
    }
  }

  /**
   * Shows the calls that are meant, and sends the answer to all of them in one request.
   *
   * @param question asked of a person at a terminal before; null for none
   */
  void confirm(
      PrintWriter out, @Nullable String question, String done, Function<String, ObjectNode> answer)
      throws InterruptedException {
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, name).getMetadata().getUid());
      try (ServerClient connection = server.connect(client)) {
        List<JsonNode> chosen =
            Pending.of(Pending.Awaits.APPROVAL, connection.events(id, false))
                .chosen(calls, all, name);
        chosen.forEach(call -> out.print(Pending.whole(call)));
        out.flush();
        ask(question);
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
