package dev.rouse.devcluster.node.volume;

import java.util.Arrays;

/**
 * One file of a volume.
 *
 * @param bytes its content, not to be changed
 * @param mode its permission bits
 */
record FileContent(byte[] bytes, int mode) {

  @Override
  public boolean equals(Object other) {
    return other instanceof FileContent that
        && mode == that.mode
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + mode;
  }

  /** Never the content: it may be a secret. */
  @Override
  public String toString() {
    return "FileContent[%d bytes, mode %o]".formatted(bytes.length, mode);
  }
}
