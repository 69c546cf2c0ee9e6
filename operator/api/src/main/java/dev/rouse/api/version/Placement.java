package dev.rouse.api.version;

/** What became of an agent's spec among its versions. */
public sealed interface Placement {

  /** It is the newest version. */
  record Current(DatedVersion dated) implements Placement {}

  /**
   * A newer spec became a version first: this one is none, and never will be.
   *
   * @param by the newest version
   */
  record Superseded(AgentVersion by) implements Placement {}
}
