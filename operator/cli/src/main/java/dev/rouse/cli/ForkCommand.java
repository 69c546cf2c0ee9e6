package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.client.KubernetesClient;
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

/** {@code kubectl rouse fork}: another session with the same past. */
@Command(
    name = "fork",
    mixinStandardHelpOptions = true,
    description = {
      "Make another session that begins with this one's records, up to any of them. It rests, and",
      "goes on with the next message; nothing that was done before is done again. This one goes on",
      "as if nothing had happened."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse fork fix-the-bug                             as it is now",
      "  kubectl rouse fork fix-the-bug --at 12 --name other-way     up to record 12",
      "  kubectl rouse fork fix-the-bug --at sevt_2cVnLqZ8hXhW5bq9KmTgYw3p"
    })
final class ForkCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SESSION", description = "Name of the Session.")
  private String session = "";

  @Option(
      names = "--at",
      paramLabel = "SEQ|EVENT",
      description = "The last record that is taken over: its number, or its event's id. Else all.")
  private @Nullable String at;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the new Session; else SESSION-fork- and some characters.")
  private @Nullable String name;

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    // Chosen here, so that asking again after a lost answer finds the fork that was made.
    body.put("name", name == null ? chosen() : name);
    if (at != null) {
      if (at.matches("[0-9]{1,18}")) {
        body.put("seq", Long.parseLong(at));
      } else {
        body.put("event_id", at);
      }
    }
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, session).getMetadata().getUid());
      try (ServerClient connection = server.connect(client)) {
        JsonNode made = connection.copy("/" + id + "/fork", Upload.bytes(body), null);
        spec.commandLine()
            .getOut()
            .printf(
                "forked session %s: %s%n", made.path("name").asText(), made.path("id").asText());
        spec.commandLine().getOut().flush();
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private String chosen() {
    String cut = session.length() > 200 ? session.substring(0, 200) : session;
    return cut + "-fork-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
