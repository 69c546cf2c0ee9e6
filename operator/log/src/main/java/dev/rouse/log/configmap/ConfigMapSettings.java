package dev.rouse.log.configmap;

import java.util.List;

/**
 * How logs are laid out in ConfigMaps.
 *
 * @param namespaces whose logs are watched; empty for all
 * @param tailBytes compressed bytes from which the tail is sealed: larger tails write more to etcd
 *     at every append
 * @param segmentBytes the most compressed bytes in one segment object; a ConfigMap holds 1 MiB
 * @param mergeCount how many neighbours of like size are merged into one
 */
public record ConfigMapSettings(
    List<String> namespaces, int tailBytes, int segmentBytes, int mergeCount) {

  public static final ConfigMapSettings DEFAULTS =
      new ConfigMapSettings(List.of(), 8 * 1024, 512 * 1024, 8);

  public ConfigMapSettings {
    namespaces = List.copyOf(namespaces);
    if (tailBytes < 1 || segmentBytes < tailBytes || segmentBytes > 900 * 1024 || mergeCount < 2) {
      throw new IllegalArgumentException(
          "ConfigMap store: need 1 <= tailBytes <= segmentBytes <= 921600 and mergeCount >= 2");
    }
  }

  /** These settings, for some namespaces only. */
  public ConfigMapSettings watching(List<String> some) {
    return new ConfigMapSettings(some, tailBytes, segmentBytes, mergeCount);
  }
}
