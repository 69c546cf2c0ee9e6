package dev.rouse.server.work;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;

/** The requests about Leases of work items that the server makes; blocking. */
public interface WorkObjects {

  /** The Lease as it is now. */
  Optional<Lease> read(String namespace, String name);

  /** Makes a Lease; empty if there is one of that name. */
  Optional<Lease> create(Lease lease);

  /**
   * Writes a Lease if it is still of the version that it bears.
   *
   * @return as it is now; empty if it has changed or is gone
   */
  Optional<Lease> update(Lease lease);

  /** Removes a Lease if it is still of the version that it bears. */
  boolean delete(Lease lease);
}
