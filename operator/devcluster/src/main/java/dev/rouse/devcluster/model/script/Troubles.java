package dev.rouse.devcluster.model.script;

import java.util.List;
import java.util.Optional;

/**
 * What goes wrong before a turn goes well, in order.
 *
 * @param steps each with the number of attempts it spoils
 */
public record Troubles(List<Step> steps) {

  /** One kind of trouble and how many attempts in a row it spoils. */
  public record Step(Trouble trouble, int times) {}

  public Troubles {
    steps = List.copyOf(steps);
  }

  /** What befalls the given attempt at one and the same request, counted from 1. */
  public Optional<Trouble> at(int attempt) {
    int before = 0;
    for (Step step : steps) {
      before += step.times();
      if (attempt <= before) {
        return Optional.of(step.trouble());
      }
    }
    return Optional.empty();
  }
}
