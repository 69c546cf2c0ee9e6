package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse send}: one more user message. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Send a message to a session.",
      "It is on record when the command ends; a session that is busy takes it up after its turn.",
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse send fix-the-bug 'Now add a test for it.'",
      "  kubectl rouse send fix-the-bug --watch 'What did you change?'",
      "  kubectl rouse send fix-the-bug --id build-4711 'The build failed: ...'",
      "  kubectl rouse send fix-the-bug --via-spec 'Through spec.messages, as kubectl apply does.'"
    })
final class SendCommand implements Callable<Integer> {

  private static final int TRIES = 5;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "TEXT", description = "The message.")
  private String text = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "Tells this message from others: sending it again with the same id sends nothing. A random"
              + " one if left out.")
  private @Nullable String id;

  @Option(
      names = "--via-spec",
      description =
          "Add it to the Session's spec.messages instead of calling the server; needs the right to"
              + " patch sessions.")
  private boolean viaSpec;

  @Option(names = "--watch", description = "Show what happens until the session is idle again.")
  private boolean watch;

  @Mixin private OutputOptions output;
  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    String messageId =
        id != null ? id : Ids.random().next("cli").replace('_', '-').toLowerCase(Locale.ROOT);
    try (KubernetesClient client = kube.client()) {
      if (viaSpec) {
        Session session = add(client, messageId);
        sent(messageId);
        if (watch) {
          try (ServerClient connection = server.connect(client)) {
            follow(connection, wireId(session), messageId);
          }
        }
      } else {
        String session = wireId(KubeOptions.session(client, name));
        try (ServerClient connection = server.connect(client)) {
          List<JsonNode> taken =
              connection.send(session, List.of(ClientEvents.message(text)), messageId);
          String eventId = taken.isEmpty() ? "" : taken.getFirst().path("id").asText();
          sent(eventId);
          if (watch) {
            follow(connection, session, eventId);
          }
        }
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void sent(String what) {
    spec.commandLine().getErr().printf("message %s sent to session %s%n", what, name);
    spec.commandLine().getErr().flush();
  }

  private static String wireId(Session session) {
    return WireIds.session(session.getMetadata().getUid());
  }

  /** Optimistic: the patch holds only at the version that was read, so no other entry is lost. */
  private Session add(KubernetesClient client, String messageId) {
    for (int attempt = 1; ; attempt++) {
      Session session = KubeOptions.session(client, name);
      if (session.getSpec().messages().stream().anyMatch(m -> m.id().equals(messageId))) {
        return session;
      }
      try {
        return client
            .resource(session)
            .patch(PatchContext.of(PatchType.JSON), patch(session, messageId));
      } catch (KubernetesClientException e) {
        boolean changedMeanwhile =
            e.getCode() == HttpURLConnection.HTTP_CONFLICT
                || (e.getCode() == 422 && String.valueOf(e.getMessage()).contains("test"));
        if (!changedMeanwhile || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private String patch(Session session, String messageId) {
    Map<String, String> entry = Map.of("id", messageId, "text", text);
    boolean first = session.getSpec().messages().isEmpty();
    return Serialization.asJson(
        List.of(
            Map.of(
                "op", "test",
                "path", "/metadata/resourceVersion",
                "value", session.getMetadata().getResourceVersion()),
            Map.of(
                "op", "add",
                "path", first ? "/spec/messages" : "/spec/messages/-",
                "value", first ? List.of(entry) : entry)));
  }

  /**
   * Shows what happens from the message on.
   *
   * @param message id of its event or its entry
   */
  private void follow(ServerClient connection, String session, String message)
      throws InterruptedException {
    EventPrinter printer = output.printer(spec.commandLine());
    Progress progress = new Progress();
    new SessionFollower(connection, session, true)
        .follow(
            event -> {
              boolean known = progress.isKnown(message) || progress.isDelivered(message);
              progress.add(event);
              if (known || progress.isKnown(message)) {
                printer.print(event);
              }
            },
            () ->
                progress.isOver()
                    || (progress.isDelivered(message)
                        && progress.isIdle()
                        && connection.isIdle(session)),
            printer::notice);
  }
}
