package dev.rouse.controller.session;

/**
 * What keeps the work from going on.
 *
 * @param needsPerson whether somebody must change something here, or it comes by itself
 */
record Problem(boolean needsPerson, Enum<?> reason, String message) {

  static Problem waiting(Enum<?> reason, String message) {
    return new Problem(false, reason, message);
  }

  static Problem stalled(Enum<?> reason, String message) {
    return new Problem(true, reason, message);
  }
}
