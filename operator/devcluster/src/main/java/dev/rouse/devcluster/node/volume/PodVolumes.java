package dev.rouse.devcluster.node.volume;

import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.node.container.DownwardApi;
import dev.rouse.devcluster.node.container.MountRewriter.Place;
import dev.rouse.devcluster.node.container.References;
import dev.rouse.devcluster.node.container.References.Kind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volumes of one pod. {@link #setUp} makes them and brings them up to date; calling it again
 * changes only what changed. Not safe for use by several threads.
 */
public final class PodVolumes {

  private final Path root;
  private final References references;
  private final Tokens tokens;
  private final Claims claims;
  private final Clock clock;
  private final Map<String, AtomicDirectory> contents = new HashMap<>();
  private final Map<String, TokenFile> tokenFiles = new HashMap<>();
  private final Map<String, Path> places = new HashMap<>();

  /**
   * The volumes below a directory.
   *
   * @param root the pod's own, {@code <data>/volumes/<uid>}
   */
  public PodVolumes(Path root, References references, Tokens tokens, Claims claims, Clock clock) {
    this.root = root;
    this.references = references;
    this.tokens = tokens;
    this.claims = claims;
    this.clock = clock;
  }

  /**
   * Makes every volume and writes what the API server has now.
   *
   * @throws VolumeException at the first that cannot be made now
   */
  public void setUp(DownwardApi downwardApi) throws VolumeException {
    for (Volume volume : downwardApi.pod().getSpec().getVolumes()) {
      try {
        places.put(volume.getName(), setUp(volume, downwardApi));
      } catch (IOException | IllegalArgumentException e) {
        throw new VolumeException(
            "volume \"%s\": %s".formatted(volume.getName(), e.getMessage()), e);
      }
    }
  }

  /** When the next token is to be renewed. */
  public Optional<Instant> renewAt() {
    return tokenFiles.values().stream().map(TokenFile::renewAt).min(Instant::compareTo);
  }

  /** Where the mounts of a container lead. */
  public List<Place> places(Container container) throws VolumeException {
    List<Place> found = new ArrayList<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path place = places.get(mount.getName());
      if (place == null) {
        throw new VolumeException(
            "container \"%s\" mounts an unknown volume \"%s\""
                .formatted(container.getName(), mount.getName()),
            null);
      }
      found.add(new Place(mount.getMountPath(), below(place, mount)));
    }
    return found;
  }

  /** Removes all of it; claims and hostPaths are not the pod's and stay. */
  public void remove() throws IOException {
    Trees.delete(root);
  }

  private Path below(Path place, VolumeMount mount) throws VolumeException {
    String subPath = Optional.ofNullable(mount.getSubPath()).orElse("");
    Path target = place.resolve(subPath).normalize();
    if (!target.startsWith(place.normalize())) {
      throw new VolumeException(
          "subPath \"%s\" of volume \"%s\" leads out of it".formatted(subPath, mount.getName()),
          null);
    }
    try {
      if (!contents.containsKey(mount.getName()) && !Files.exists(target)) {
        Files.createDirectories(target);
      }
    } catch (IOException e) {
      throw new VolumeException("cannot make " + target, e);
    }
    return target;
  }

  private Path setUp(Volume volume, DownwardApi downwardApi) throws VolumeException, IOException {
    String name = volume.getName();
    ContentSource source = new ContentSource(name, downwardApi, references);
    if (volume.getEmptyDir() != null) {
      Path directory = root.resolve(name);
      Files.createDirectories(directory);
      return directory;
    }
    if (volume.getHostPath() != null) {
      return hostPath(name, volume.getHostPath());
    }
    Path known = places.get(name);
    if (volume.getPersistentVolumeClaim() != null) {
      // Its place never changes once it is bound.
      return known != null
          ? known
          : claims.directory(volume.getPersistentVolumeClaim().getClaimName());
    }
    if (volume.getSecret() != null) {
      var secret = volume.getSecret();
      return write(
          name,
          source.object(
              Kind.SECRET,
              secret.getSecretName(),
              secret.getItems(),
              secret.getDefaultMode(),
              secret.getOptional()));
    }
    if (volume.getConfigMap() != null) {
      var map = volume.getConfigMap();
      return write(
          name,
          source.object(
              Kind.CONFIG_MAP,
              map.getName(),
              map.getItems(),
              map.getDefaultMode(),
              map.getOptional()));
    }
    if (volume.getDownwardAPI() != null) {
      var downward = volume.getDownwardAPI();
      return write(name, source.downward(downward.getItems(), downward.getDefaultMode()));
    }
    if (volume.getProjected() != null) {
      return write(name, projected(name, volume.getProjected(), source));
    }
    throw new VolumeException("volume \"%s\" is of a type unknown here".formatted(name), null);
  }

  private Path write(String name, Map<String, FileContent> files) throws IOException {
    Path directory = root.resolve(name);
    contents.computeIfAbsent(name, unused -> new AtomicDirectory(directory)).write(files);
    return directory;
  }

  private Map<String, FileContent> projected(
      String volume, ProjectedVolumeSource projected, ContentSource source) throws VolumeException {
    Integer mode = projected.getDefaultMode();
    Map<String, FileContent> files = new HashMap<>();
    for (VolumeProjection part : projected.getSources()) {
      if (part.getServiceAccountToken() != null) {
        var token = part.getServiceAccountToken();
        byte[] value =
            tokenFiles
                .computeIfAbsent(
                    volume + "/" + token.getPath(), unused -> new TokenFile(token, clock))
                .content(tokens);
        // Only the owner may read a token: a defaultMode is for the other files.
        files.put(token.getPath(), new FileContent(value, 0600));
      } else if (part.getSecret() != null) {
        var secret = part.getSecret();
        files.putAll(
            source.object(
                Kind.SECRET, secret.getName(), secret.getItems(), mode, secret.getOptional()));
      } else if (part.getConfigMap() != null) {
        var map = part.getConfigMap();
        files.putAll(
            source.object(Kind.CONFIG_MAP, map.getName(), map.getItems(), mode, map.getOptional()));
      } else if (part.getDownwardAPI() != null) {
        files.putAll(source.downward(part.getDownwardAPI().getItems(), mode));
      } else {
        throw new VolumeException(
            "volume \"%s\" projects a source unknown here".formatted(volume), null);
      }
    }
    return files;
  }

  private static Path hostPath(String volume, HostPathVolumeSource source)
      throws VolumeException, IOException {
    Path path = Path.of(source.getPath());
    String type = Optional.ofNullable(source.getType()).orElse("");
    boolean fits =
        switch (type) {
          case "" -> true;
          case "DirectoryOrCreate" -> Files.isDirectory(Files.createDirectories(path));
          case "Directory" -> Files.isDirectory(path);
          case "FileOrCreate" -> Files.isRegularFile(path) || Files.exists(Files.createFile(path));
          case "File" -> Files.isRegularFile(path);
          default -> Files.exists(path);
        };
    if (!fits) {
      throw new VolumeException(
          "volume \"%s\": hostPath %s is no %s".formatted(volume, path, type), null);
    }
    return path;
  }
}
