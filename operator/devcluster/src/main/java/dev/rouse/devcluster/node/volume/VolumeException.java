package dev.rouse.devcluster.node.volume;

import org.jspecify.annotations.Nullable;

/** A volume cannot be set up now; it is tried again. The message names the volume. */
public final class VolumeException extends Exception {
  public VolumeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
