package dev.rouse.server.brain;

import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Hands;
import dev.rouse.api.SessionStatus.HandsWanted;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which generation of hands a brain gets. One generation is one pod, so a number is never given
 * twice: it rises when none is wanted, or when the operator calls the wanted one gone. That a brain
 * cannot reach its hands is no reason: unreachable is not gone.
 */
final class HandsRule {

  private HandsRule() {}

  /** The generation to be wanted from now on, if it is another than before. */
  static OptionalInt raised(@Nullable SessionStatus status) {
    HandsWanted wanted = status == null ? null : status.handsWanted();
    Hands hands = status == null ? null : status.hands();
    int made = hands == null ? 0 : Objects.requireNonNullElse(hands.generation(), 0);
    if (wanted == null) {
      return OptionalInt.of(made + 1);
    }
    boolean gone =
        hands != null && made >= wanted.generation() && Boolean.TRUE.equals(hands.gone());
    return gone || made > wanted.generation() ? OptionalInt.of(made + 1) : OptionalInt.empty();
  }

  /** The address of the wanted generation, once its pod is ready. */
  static Optional<String> address(@Nullable SessionStatus status) {
    HandsWanted wanted = status == null ? null : status.handsWanted();
    Hands hands = status == null ? null : status.hands();
    if (wanted == null
        || hands == null
        || hands.generation() == null
        || hands.generation() != wanted.generation()
        || Boolean.TRUE.equals(hands.gone())) {
      return Optional.empty();
    }
    return Optional.ofNullable(hands.address());
  }

  /** What the operator says about hands that are not ready, for people. */
  static String reason(@Nullable SessionStatus status) {
    Hands hands = status == null ? null : status.hands();
    String reason = hands == null ? null : hands.reason();
    return reason == null ? "the operator has not made the sandbox's pod ready yet" : reason;
  }

  /** How the last hands that were lost ended, for people. */
  static @Nullable String lastExit(@Nullable SessionStatus status) {
    return status == null || status.hands() == null ? null : status.hands().lastExit();
  }
}
