package dev.rouse.devcluster.pki;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Machines that are nodes of a cluster beside the one that its control plane runs on, or none.
 *
 * @param apiServer the address at which they reach the API server; loopback where there are none
 * @param addresses theirs, by the names of the nodes
 */
public record Machines(String apiServer, Map<String, String> addresses) {

  /** A cluster that nobody reaches from beyond loopback. */
  public static final Machines NONE = new Machines("127.0.0.1", Map.of());

  public Machines {
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  public boolean isEmpty() {
    return addresses.isEmpty();
  }
}
