package dev.rouse.controller.agent;

/** Reasons of an Agent's condition {@code Ready}. */
enum AgentReason {
  /** True: the spec is stored as {@code status.version}. */
  VersionStored,
  /**
   * False: stored, too, but no session begins with it; the message names the field and the rule.
   */
  SpecInvalid,
  /**
   * False: stored, too, but no session begins with it; the message names the field, and the page
   * with the status of what is not there yet.
   */
  NotSupported,
  /** False: the next version's name is held by the remains of another Agent; heals. */
  VersionNameTaken
}
