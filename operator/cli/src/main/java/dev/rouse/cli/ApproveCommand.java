package dev.rouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse approve}: lets calls that ask first happen. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = {
      "Let calls of a session happen that ask first; shows each before.",
      "The record of the answer names the account that gave it: it needs the right to create"
          + " sessions/approvals."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse approve fix-the-bug",
      "  kubectl rouse approve fix-the-bug sevt_01abc sevt_01abd",
      "  kubectl rouse approve fix-the-bug --all --as-sa team-a/approver"
    })
final class ApproveCommand implements Callable<Integer> {

  @Mixin private ConfirmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    options.confirm(spec.commandLine().getOut(), "Allow this?", "approved", ClientEvents::approval);
    return CommandLine.ExitCode.OK;
  }
}
