package dev.rouse.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry point of {@code kubectl rouse}. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
 */
@Command(
    name = "kubectl rouse",
    description = "Follow Rouse sessions and talk to them.",
    mixinStandardHelpOptions = true,
    version = "kubectl-rouse 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      GetCommand.class,
      WatchCommand.class,
      SendCommand.class,
      ApproveCommand.class,
      DenyCommand.class,
      AnswerCommand.class,
      InterruptCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ForkCommand.class,
      MoveCommand.class,
      KeyCommand.class,
      EnvironmentKeyCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse ls                           every session, those that need you first",
      "  kubectl rouse get fix-the-bug              one session, and why it is where it is",
      "  kubectl rouse watch fix-the-bug            its history, then every event as it happens",
      "  kubectl rouse send fix-the-bug 'go on'     another message",
      "  kubectl rouse approve fix-the-bug          lets the call happen that asks first",
      "  kubectl rouse interrupt fix-the-bug        stops what it is doing",
      "  kubectl rouse export fix-the-bug -o f.jsonl the whole session as a file",
      "  kubectl rouse fork fix-the-bug --at 12     another session with its first 13 records",
      "  kubectl rouse key create --as-sa team-a/ci an API key for programs",
      "  kubectl rouse environment-key create --environment farm  a key for workers",
      "  kubectl rouse watch fix-the-bug -o json | jq .type"
    })
public final class Main {

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line, ready to execute; errors become one sentence on standard error. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((failure, command, _) -> {
          command.getErr().println("error: " + sentence(failure));
          command.getErr().flush();
          return CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static String sentence(Exception failure) {
    if (failure instanceof KubernetesClientException kubernetes
        && kubernetes.getStatus() != null
        && kubernetes.getStatus().getMessage() != null) {
      return kubernetes.getStatus().getMessage();
    }
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }
}
