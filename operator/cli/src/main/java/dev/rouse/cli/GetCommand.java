package dev.rouse.cli;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse get}: where sessions stand, and why. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "List the sessions of the namespace, or say where one stands and why.",
    footer = {"", "Examples:", "  kubectl rouse get", "  kubectl rouse get fix-the-bug -n team-a"})
final class GetCommand implements Callable<Integer> {

  @Parameters(arity = "0..1", paramLabel = "SESSION", description = "Name of a Session.")
  private @Nullable String name;

  @Mixin private KubeOptions kube;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KubernetesClient client = kube.client()) {
      if (name != null) {
        describe(out, KubeOptions.session(client, name));
      } else {
        new SessionTable(out, Instant.now(), false)
            .print(
                client
                    .resources(Session.class)
                    .inNamespace(KubeOptions.namespaceOf(client))
                    .list()
                    .getItems());
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  static void describe(PrintWriter out, Session session) {
    @Nullable SessionStatus status = session.getStatus();
    String row = "%-12s %s%n";
    out.printf(row, "Session:", session.getMetadata().getName());
    out.printf(row, "Id:", WireIds.session(session.getMetadata().getUid()));
    out.printf(row, "Agent:", session.getSpec().agentRef().name() + version(status));
    out.printf(row, "Environment:", session.getSpec().environmentRef().name());
    if (status == null) {
      out.printf(row, "Phase:", "Pending: neither the server nor the operator has seen it yet");
      return;
    }
    String reason = text(status.stopReason(), "");
    out.printf(
        row, "Phase:", text(status.phase(), "Pending") + (reason.isEmpty() ? "" : ", " + reason));
    out.printf(row, "Events:", SessionTable.events(status));
    if (status.harness() != null && status.harness().pod() != null) {
      out.printf(row, "Brain:", status.harness().pod());
    }
    if (status.hands() != null && status.hands().pod() != null) {
      out.printf(row, "Hands:", status.hands().pod() + " " + text(status.hands().reason(), ""));
    }
    status.pendingActions().forEach(a -> out.printf(row, "Waits for:", a.name() + " " + a.id()));
    for (Condition condition : status.conditions()) {
      if (isTelling(condition)) {
        out.printf(row, condition.getType() + ":", Plain.of(text(condition.getMessage(), "")));
      }
    }
    if (status.log() != null && !status.log().tail().isEmpty()) {
      out.println("Last:");
      status.log().tail().forEach(line -> out.println("  " + Plain.of(line)));
    }
  }

  /** A condition that is as it should be says nothing. */
  private static boolean isTelling(Condition condition) {
    return "Ready".equals(condition.getType())
        ? !"True".equals(condition.getStatus())
        : "True".equals(condition.getStatus());
  }

  private static String version(@Nullable SessionStatus status) {
    return status == null || status.agentVersion() == null ? "" : " v" + status.agentVersion();
  }

  private static String text(@Nullable String value, String absent) {
    return Objects.requireNonNullElse(value, absent);
  }
}
