package dev.rouse.controller.agent;

/** Reasons of an Agent's condition {@code Ready}. */
enum AgentReason {
  /** True: the spec is stored as {@code status.version}. */
  VersionStored,
  /** False: the next version's name is held by the remains of another Agent; heals. */
  VersionNameTaken
}
