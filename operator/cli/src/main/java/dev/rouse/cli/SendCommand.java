package dev.rouse.cli;

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

/** {@code kubectl rouse send}: one more user message, through {@code spec.messages}. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Send a message to a session: adds an entry to its spec.messages.",
      "The entry's id makes it safe to repeat: the same id is delivered once."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse send fix-the-bug 'Now add a test for it.'",
      "  kubectl rouse send fix-the-bug --id build-4711 'The build failed: ...'",
      "  kubectl rouse send fix-the-bug --watch 'What did you change?'"
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
      description = "Id of the entry, to repeat it safely; a random one if left out.")
  private @Nullable String id;

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
      Session session = add(client, messageId);
      spec.commandLine().getErr().printf("message %s sent to session %s%n", messageId, name);
      spec.commandLine().getErr().flush();
      if (watch) {
        follow(client, session, messageId);
      }
    }
    return CommandLine.ExitCode.OK;
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

  private void follow(KubernetesClient client, Session session, String messageId)
      throws InterruptedException {
    EventPrinter printer = output.printer(spec.commandLine());
    Progress progress = new Progress();
    try (ServerClient connection = server.connect(client)) {
      new SessionFollower(connection, WireIds.session(session.getMetadata().getUid()), true)
          .follow(
              event -> {
                boolean known = progress.isDelivered(messageId);
                progress.add(event);
                if (known) {
                  printer.print(event);
                }
              },
              () -> progress.isOver() || (progress.isDelivered(messageId) && progress.isIdle()),
              printer::notice);
    }
  }
}
