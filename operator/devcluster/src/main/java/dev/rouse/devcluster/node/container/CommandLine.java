package dev.rouse.devcluster.node.container;

import io.fabric8.kubernetes.api.model.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts a container's command line together. */
final class CommandLine {

  private CommandLine() {}

  /**
   * Kubernetes' rule: a command replaces the image's command and its arguments, arguments alone
   * replace only the image's arguments. What comes from the pod is led to this machine's
   * directories, once: the environment's values have been already, so they are put in afterwards.
   * What comes from the image is of this machine anyway.
   */
  static List<String> of(
      Container container, Image image, Map<String, String> environment, MountRewriter mounts)
      throws ContainerStartException {
    VariableExpansion variables = new VariableExpansion(environment);
    boolean ownCommand = !container.getCommand().isEmpty();
    List<String> words = new ArrayList<>();
    if (!ownCommand) {
      words.addAll(image.command());
    }
    container.getCommand().forEach(word -> words.add(variables.expand(mounts.rewrite(word))));
    if (!container.getArgs().isEmpty()) {
      container.getArgs().forEach(word -> words.add(variables.expand(mounts.rewrite(word))));
    } else if (!ownCommand) {
      words.addAll(image.args());
    }
    if (words.isEmpty()) {
      throw new ContainerStartException(
          StartFailure.CONTAINER,
          "no command specified: image \"%s\" has none in the images file and container \"%s\" sets none"
              .formatted(container.getImage(), container.getName()));
    }
    return words;
  }
}
