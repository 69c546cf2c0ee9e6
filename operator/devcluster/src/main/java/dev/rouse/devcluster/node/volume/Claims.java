package dev.rouse.devcluster.node.volume;

import java.nio.file.Path;

/** Finds where a PersistentVolumeClaim's data lies. */
@FunctionalInterface
public interface Claims {

  /**
   * The directory of the claim's volume on this machine.
   *
   * @throws VolumeException if the claim is missing, not bound, or its volume is not a directory of
   *     this node
   */
  Path directory(String claim) throws VolumeException;
}
