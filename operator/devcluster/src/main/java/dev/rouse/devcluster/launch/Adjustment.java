package dev.rouse.devcluster.launch;

import java.io.IOException;
import java.util.Map;

/**
 * The last word on the settings that a component is started with: for tests that stand between the
 * components, or cannot wait as long as people can.
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
}
