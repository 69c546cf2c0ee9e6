package dev.rouse.devcluster.node.container;

/** Why a container cannot start now; each is tried again. The reasons are the kubelet's words. */
public enum StartFailure {
  /** The image is not known; shown as the back-off reason from the second try on. */
  IMAGE("ErrImagePull", "ImagePullBackOff"),
  /** Something its environment refers to is missing. */
  CONFIG("CreateContainerConfigError", "CreateContainerConfigError"),
  /** The node could not prepare it: a directory, a mount. */
  CONTAINER("CreateContainerError", "CreateContainerError");

  private final String firstReason;
  private final String laterReason;

  StartFailure(String firstReason, String laterReason) {
    this.firstReason = firstReason;
    this.laterReason = laterReason;
  }

  /** The waiting reason after so many failed tries, counted from 1. */
  public String reason(int tries) {
    return tries <= 1 ? firstReason : laterReason;
  }
}
