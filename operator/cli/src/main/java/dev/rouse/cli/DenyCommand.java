package dev.rouse.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse deny}: refuses calls that ask first. */
@Command(
    name = "deny",
    mixinStandardHelpOptions = true,
    description = {
      "Refuse calls of a session that ask first; shows each before.",
      "The agent goes on and is told so, with your message if you give one."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse deny fix-the-bug sevt_01abc",
      "  kubectl rouse deny fix-the-bug sevt_01abc --message 'Not on a Friday: open a PR.'"
    })
final class DenyCommand implements Callable<Integer> {

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "What the agent is told.")
  private @Nullable String message;

  @Mixin private ConfirmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    options.confirm(
        spec.commandLine().getOut(), null, "denied", call -> ClientEvents.denial(call, message));
    return CommandLine.ExitCode.OK;
  }
}
