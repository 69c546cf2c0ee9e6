package dev.rouse.devcluster.model.script;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a turn, all of which must hold; what is null or empty holds always.
 *
 * @param turn how many turns the model has had in this conversation
 * @param turnBelow the model has had fewer turns than this
 * @param step how many turns the model has had since a person last spoke
 * @param after the turn played last is one of these
 * @param user found in what a person says in the last message
 * @param result found in the tool results of the last message
 * @param error whether one of those results reports a failure
 */
public record When(
    @Nullable Integer turn,
    @Nullable Integer turnBelow,
    @Nullable Integer step,
    List<String> after,
    @Nullable Pattern user,
    @Nullable Pattern result,
    @Nullable Boolean error) {
  public When {
    after = List.copyOf(after);
  }

  /** Whether one of the patterns has a group of this name. */
  boolean captures(String group) {
    return Stream.of(Optional.ofNullable(user), Optional.ofNullable(result))
        .flatMap(Optional::stream)
        .anyMatch(pattern -> pattern.namedGroups().containsKey(group));
  }
}
