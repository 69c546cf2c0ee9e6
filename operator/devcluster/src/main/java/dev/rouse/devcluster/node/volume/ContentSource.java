package dev.rouse.devcluster.node.volume;

import dev.rouse.devcluster.node.container.DownwardApi;
import dev.rouse.devcluster.node.container.References;
import dev.rouse.devcluster.node.container.References.Kind;
import dev.rouse.devcluster.node.container.References.ReferenceUnavailableException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the files of volumes whose content the API server has. */
final class ContentSource {

  private final String volume;
  private final DownwardApi downwardApi;
  private final References references;

  ContentSource(String volume, DownwardApi downwardApi, References references) {
    this.volume = volume;
    this.downwardApi = downwardApi;
    this.references = references;
  }

  /** The entries of a Secret or ConfigMap, all or those listed. */
  Map<String, FileContent> object(
      Kind kind,
      @Nullable String name,
      List<KeyToPath> items,
      @Nullable Integer defaultMode,
      @Nullable Boolean optional)
      throws VolumeException {
    boolean mayMiss = Boolean.TRUE.equals(optional);
    Optional<Map<String, byte[]>> found = find(kind, Optional.ofNullable(name).orElse(""));
    if (found.isEmpty()) {
      if (mayMiss) {
        return Map.of();
      }
      throw failure("%s \"%s\" not found".formatted(kind.word(), name));
    }
    int mode = Optional.ofNullable(defaultMode).orElse(Modes.DEFAULT_FILE);
    Map<String, FileContent> files = new HashMap<>();
    if (items.isEmpty()) {
      found.get().forEach((key, value) -> files.put(key, new FileContent(value, mode)));
    }
    for (KeyToPath item : items) {
      byte[] value = found.get().get(item.getKey());
      if (value != null) {
        int itemMode = Optional.ofNullable(item.getMode()).orElse(mode);
        files.put(item.getPath(), new FileContent(value, itemMode));
      } else if (!mayMiss) {
        throw failure("%s \"%s\" has no key \"%s\"".formatted(kind.word(), name, item.getKey()));
      }
    }
    return files;
  }

  /** Fields of the pod as files. */
  Map<String, FileContent> downward(
      List<DownwardAPIVolumeFile> items, @Nullable Integer defaultMode) throws VolumeException {
    Map<String, FileContent> files = new HashMap<>();
    for (DownwardAPIVolumeFile item : items) {
      int mode =
          Optional.ofNullable(item.getMode())
              .or(() -> Optional.ofNullable(defaultMode))
              .orElse(Modes.DEFAULT_FILE);
      byte[] value = value(item).getBytes(StandardCharsets.UTF_8);
      files.put(item.getPath(), new FileContent(value, mode));
    }
    return files;
  }

  private String value(DownwardAPIVolumeFile item) throws VolumeException {
    try {
      if (item.getFieldRef() != null) {
        return downwardApi.field(item.getFieldRef());
      }
      return downwardApi.resource(
          item.getResourceFieldRef(), container(item.getResourceFieldRef()));
    } catch (IllegalArgumentException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private Container container(ResourceFieldSelector selector) {
    return downwardApi.pod().getSpec().getContainers().stream()
        .filter(container -> container.getName().equals(selector.getContainerName()))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no container \"%s\"".formatted(selector.getContainerName())));
  }

  private Optional<Map<String, byte[]>> find(Kind kind, String name) throws VolumeException {
    try {
      return references.find(kind, name);
    } catch (ReferenceUnavailableException e) {
      throw new VolumeException("volume \"%s\": %s".formatted(volume, e.getMessage()), e);
    }
  }

  private VolumeException failure(String message) {
    return new VolumeException("volume \"%s\": %s".formatted(volume, message), null);
  }
}
