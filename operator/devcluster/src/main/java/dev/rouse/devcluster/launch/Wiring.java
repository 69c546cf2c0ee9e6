package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.pki.Pki;
import java.net.URI;
import java.nio.file.Path;

/**
 * Everything the components have to know of each other and of the cluster.
 *
 * @param scripts what the scripted model plays
 * @param directory of the run
 * @param pki certificates
 * @param nodeKubeconfig who the node is
 * @param provisionerKubeconfig who the provisioner is
 * @param operatorKubeconfig who the operator is
 * @param serverKubeconfig who the server is
 * @param ports where the components listen
 * @param apiserverPort tells the node's address range from that of other runs on this machine
 */
record Wiring(
    Path scripts,
    Path directory,
    Pki pki,
    Path nodeKubeconfig,
    Path provisionerKubeconfig,
    Path operatorKubeconfig,
    Path serverKubeconfig,
    ComponentPorts ports,
    int apiserverPort) {

  /**
   * Ports of 127.0.0.1, chosen beforehand because the components are told each other's.
   *
   * @param server the Rouse API
   * @param model the scripted model
   */
  record ComponentPorts(int server, int model) {}

  URI serverUrl() {
    return URI.create("https://127.0.0.1:" + ports.server());
  }

  URI modelUrl() {
    return URI.create("http://127.0.0.1:" + ports.model());
  }

  Path images() {
    return directory.resolve("images.yaml");
  }

  Path nodeData() {
    return directory.resolve("node");
  }

  Path volumes() {
    return directory.resolve("volumes");
  }

  /** A network of loopback addresses that no other run has: the port is this run's alone. */
  String addressRange() {
    return "127.%d.%d.0/24".formatted(apiserverPort / 256, apiserverPort % 256);
  }
}
