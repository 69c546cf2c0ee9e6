package dev.rouse.controller.session;

import java.time.Duration;
import java.time.Instant;

/** Pods as the operator sees them, for tests. */
final class PodViews {

  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(15),
          Duration.ofMinutes(2),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30));

  private PodViews() {}

  static PodView pod() {
    return new PodView("p", "u", NOW, false, false, null, false, null, null, null);
  }

  static PodView ready() {
    return new PodView("p", "u", NOW, false, false, null, true, null, "10.0.0.1", null);
  }

  static PodView unready(Duration since) {
    return new PodView(
        "p", "u", NOW, false, false, null, false, NOW.minus(since), "10.0.0.1", null);
  }

  static PodView waiting(String what) {
    return new PodView("p", "u", NOW, false, false, null, false, null, null, what);
  }

  static PodView removing() {
    return new PodView("p", "u", NOW, true, false, null, true, null, "10.0.0.1", null);
  }

  /** The same pod, and somebody asked for its removal. */
  static PodView removing(PodView it) {
    return new PodView(
        it.name(),
        it.uid(),
        it.created(),
        true,
        it.disrupted(),
        it.exit(),
        it.ready(),
        it.unreadySince(),
        it.address(),
        it.waiting());
  }

  static PodView exited(int code) {
    return exited(code, "exit code " + code);
  }

  static PodView exited(Integer code, String text) {
    return new PodView(
        "p", "u", NOW, false, false, new PodView.Exit(code, text), false, null, "10.0.0.1", null);
  }

  /** The same pod, and the cluster said that it takes it away. */
  static PodView disrupted(PodView it) {
    return new PodView(
        it.name(),
        it.uid(),
        it.created(),
        it.deleting(),
        true,
        it.exit(),
        it.ready(),
        it.unreadySince(),
        it.address(),
        it.waiting());
  }
}
