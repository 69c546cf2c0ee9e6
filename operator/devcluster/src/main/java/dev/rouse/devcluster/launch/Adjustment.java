package dev.rouse.devcluster.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The last word on what a component is started with: for tests that stand between the components,
 * or cannot wait as long as people can, and for trials of programs that lie elsewhere.
 */
@FunctionalInterface
public interface Adjustment {

  /** Every component as it is. */
  Adjustment NONE = (component, settings) -> settings;

  /**
   * Called once for each component, in the order in which they start, when the control plane is up.
   *
   * @param component its name
   * @param settings the environment that it would be started with
   * @return the environment that it is started with, through all restarts
   */
  Map<String, String> of(String component, Map<String, String> settings) throws IOException;

  /**
   * The command that a program is started with: a component, or what stands for an image.
   *
   * @param root of the checkout
   * @throws IOException if it is not built
   */
  default List<String> command(JavaProgram program, Path root, List<String> arguments)
      throws IOException {
    return program.command(root, arguments);
  }
}
