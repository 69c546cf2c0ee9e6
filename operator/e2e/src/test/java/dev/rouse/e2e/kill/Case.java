package dev.rouse.e2e.kill;

/** A point and a blow, with a session of its own. */
sealed interface Case permits KillCase, DutyCase {

  /** The name of its session, or its title if the name is not the client's to choose. */
  String session();

  /** The point. */
  String where();

  /** What is struck there. */
  Blow blow();
}
