package dev.rouse.devcluster;

import dev.rouse.devcluster.demo.DemoCommand;
import dev.rouse.devcluster.launch.AotCommand;
import dev.rouse.devcluster.launch.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the dev cluster's launcher. */
@Command(
    name = "rouse-dev",
    description =
        "A Kubernetes control plane and Rouse on this machine, for development and tests.",
    subcommands = {UpCommand.class, DemoCommand.class, AotCommand.class},
    mixinStandardHelpOptions = true)
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, command, _) -> {
      command.getErr().println("rouse-dev: " + e.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    });
    System.exit(line.execute(arguments));
  }
}
