package dev.rouse.devcluster.node.process;

import java.util.Map;

/**
 * The entries in the environment of every process of a container by which it is found again.
 *
 * @param podUid in {@code ROUSE_POD}
 * @param container in {@code ROUSE_CONTAINER}
 */
public record ContainerMark(String podUid, String container) {

  private static final String POD = "ROUSE_POD";
  private static final String CONTAINER = "ROUSE_CONTAINER";

  public Map<String, String> entries() {
    return Map.of(POD, podUid, CONTAINER, container);
  }

  /** The mark all processes of one pod share. */
  public static Map<String, String> ofPod(String podUid) {
    return Map.of(POD, podUid);
  }
}
