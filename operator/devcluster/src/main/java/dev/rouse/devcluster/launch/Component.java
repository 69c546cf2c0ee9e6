package dev.rouse.devcluster.launch;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program of ours that runs beside the control plane, as data.
 *
 * @param name its name on the screen, its log file's, and what {@code --without} calls it
 * @param program what is started
 * @param arguments its arguments
 * @param environment its settings
 * @param readiness how one knows that it is at work
 * @param grace how long it may take to end
 */
record Component(
    String name,
    JavaProgram program,
    List<String> arguments,
    Map<String, String> environment,
    Readiness readiness,
    Duration grace) {

  Component {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }
}
