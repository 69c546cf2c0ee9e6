package dev.rouse.devcluster.model.script;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one model says: the turns it can play, the first that fits being played.
 *
 * @param model the model's id, the script's file name without its ending
 * @param directory what relative paths in the script start from
 */
public record Script(String model, Path directory, List<Turn> turns) {
  public Script {
    turns = List.copyOf(turns);
  }

  public Optional<Turn> turn(String name) {
    return turns.stream().filter(turn -> turn.name().equals(name)).findFirst();
  }
}
