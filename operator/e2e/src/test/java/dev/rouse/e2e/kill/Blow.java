package dev.rouse.e2e.kill;

/** What befalls a session at its kill point. */
enum Blow {
  BRAIN("kill -9 of the brain"),
  HANDS("kill -9 of the hands"),
  SERVER("kill -9 of the server"),
  OPERATOR("kill -9 of the operator"),
  FREEZE("the brain stands still while another works, then goes on");

  private final String label;

  Blow(String label) {
    this.label = label;
  }

  boolean isPossibleAt(KillPoint point) {
    return this != HANDS || point.hasHands();
  }

  /** Whether it hits every session at once, so that all of them are hit together. */
  boolean hitsAll() {
    return this == SERVER || this == OPERATOR;
  }

  @Override
  public String toString() {
    return label;
  }
}
