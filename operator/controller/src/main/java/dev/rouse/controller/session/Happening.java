package dev.rouse.controller.session;

/** Reasons of a Session's Events. */
enum Happening {
  /** The session can be worked with. */
  Ready,
  /** A reference does not lead anywhere. */
  ReferenceMissing,
  /** A brain's pod was created. */
  BrainStarted,
  /** A brain's pod ended, was removed or is not trusted to come back. */
  BrainEnded,
  /** The work is held by {@code spec.suspend}. */
  Suspended,
  /** The hands' pod was created. */
  HandsStarted,
  /** The hands' pod is gone; what ran in it has an unknown outcome. */
  HandsGone
}
