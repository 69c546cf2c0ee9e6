package dev.rouse.controller.environment;

/** Reasons of an Environment's condition {@code Ready}. */
public enum EnvironmentReason {
  /** True: sandboxes can be made. */
  Accepted
}
