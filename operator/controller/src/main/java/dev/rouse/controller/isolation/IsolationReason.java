package dev.rouse.controller.isolation;

/** Why the policies of a namespace are not there, and no pod is started in it. */
public enum IsolationReason {
  /** Reconciling: the API server refuses a policy, by rights or quota; the message says why. */
  PolicyRefused,
  /** Reconciling: the name of a policy is held by one that is not Rouse's. */
  PolicyNameTaken
}
