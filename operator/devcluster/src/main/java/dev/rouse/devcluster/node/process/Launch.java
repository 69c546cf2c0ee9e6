package dev.rouse.devcluster.node.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything a container's process is started with, resolved.
 *
 * @param command program and arguments; the program is looked up on the environment's PATH
 * @param environment the whole environment, nothing is added but the mark
 * @param workingDirectory an existing directory of this machine
 */
public record Launch(List<String> command, Map<String, String> environment, Path workingDirectory) {

  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a container needs a command");
    }
  }
}
