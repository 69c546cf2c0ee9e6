package dev.rouse.e2e.bed;

import dev.rouse.devcluster.pki.Machines;
import dev.rouse.e2e.enforcer.EnforcedNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the machines that the bed pretends: a network namespace without a way out.
 *
 * @param number 1 for the one that also has the control plane and the tests
 */
public record Machine(int number) {

  static final String POD_RANGES = "10.244.0.0/16";
  static final String SERVICE_RANGE = "10.96.0.0/16";
  static final String DNS_ADDRESS = "10.96.0.10";
  private static final Path NAMESPACES = Path.of("/run/netns");

  static final List<Machine> ALL = List.of(new Machine(1), new Machine(2));

  /** The name of its Node. */
  public String name() {
    return "node-" + number;
  }

  public String address() {
    return "172.30.0." + number;
  }

  String podRange() {
    return "10.244.%d.0/24".formatted(number);
  }

  /** Its network namespace's name, as {@code ip netns} shows it. */
  String namespace() {
    return "rouse-e2e-" + number;
  }

  Path namespaceFile() {
    return NAMESPACES.resolve(namespace());
  }

  /**
   * What precedes a command that is to run there. Not {@code ip netns exec}, which mounts /sys anew
   * and hides the cgroups.
   */
  List<String> inside() {
    return List.of("nsenter", "--net=" + namespaceFile());
  }

  /** A command that runs there. */
  List<String> inside(List<String> command) {
    List<String> all = new ArrayList<>(inside());
    all.addAll(command);
    return all;
  }

  /** The cgroup below which all its pods are, in every hierarchy. */
  String cgroup() {
    return namespace();
  }

  EnforcedNode enforced() {
    return new EnforcedNode(name(), podRange(), "10.244.%d.1".formatted(number), inside());
  }

  /** All of them, as the control plane knows them. */
  static Machines machines() {
    Map<String, String> addresses = new LinkedHashMap<>();
    ALL.forEach(machine -> addresses.put(machine.name(), machine.address()));
    return new Machines(ALL.getFirst().address(), addresses);
  }
}
