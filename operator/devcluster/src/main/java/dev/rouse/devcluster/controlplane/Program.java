package dev.rouse.devcluster.controlplane;

/** The programs of a control plane, in the order in which they start. */
public enum Program {
  ETCD("etcd"),
  APISERVER("kube-apiserver"),
  CONTROLLER_MANAGER("kube-controller-manager"),
  SCHEDULER("kube-scheduler");

  private final String label;

  Program(String label) {
    this.label = label;
  }

  /** The name of the executable, the log file and the line on the screen. */
  public String label() {
    return label;
  }
}
