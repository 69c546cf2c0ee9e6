package dev.rouse.e2e.enforcer;

import java.util.List;

/**
 * A node whose pods are behind the bridge {@code cni0} in a network namespace of this machine.
 *
 * @param name of the Node
 * @param podRange such as {@code 10.244.1.0/24}
 * @param gateway the node's own address in it
 * @param inside what precedes a command that is to run in the network namespace
 */
public record EnforcedNode(String name, String podRange, String gateway, List<String> inside) {

  public EnforcedNode {
    inside = List.copyOf(inside);
  }
}
