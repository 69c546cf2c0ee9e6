package dev.rouse.controller.session;

/**
 * Reasons of a Session's conditions {@code Ready}, {@code Reconciling} and {@code Stalled}, beside
 * those of {@link dev.rouse.api.reference.References.Reason}, {@link
 * dev.rouse.controller.provider.ProviderReason} and {@link
 * dev.rouse.controller.isolation.IsolationReason}. Deliberately absent: anything about the work
 * itself, which {@code status.phase} and {@code stopReason} tell.
 */
enum SessionReason {
  /** Ready, true: references resolve and the log exists. */
  Accepted,
  /** Ready, true: as above, and {@code spec.suspend} holds the work. */
  Suspended,
  /** Ready, false, and Reconciling: the server has not written record 0 yet. */
  WaitingForLog,
  /**
   * Ready, false, and Stalled: the session cannot be the fork that it is to be; see the message.
   */
  ForkRefused,
  /** Reconciling: the brain's pod has not started; the message has the cluster's reason. */
  BrainWaiting,
  /** Reconciling: the hands' pod has not started; the message has the cluster's reason. */
  HandsWaiting,
  /** Reconciling: the workspace's volume is not bound; the message has what is known of why. */
  WorkspacePending,
  /** Reconciling: the name of a pod or volume is held by an object of another owner. */
  NameTaken,
  /**
   * Reconciling: the API server refuses a pod or volume, by quota or policy; the message says why.
   */
  Refused,
  /** Stalled: brains end before they work, again and again; the message has the last one's end. */
  BrainFailing,
  /**
   * Stalled: hands end before they are ready, again and again; the message has the last one's end.
   */
  HandsFailing
}
