package dev.rouse.devcluster.node.container;

import dev.rouse.devcluster.node.process.Launch;
import dev.rouse.devcluster.node.process.SearchPath;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a container's specification into what its process is started with. */
public final class LaunchPlanner {

  private final ImageCatalog images;
  private final Map<String, String> inherited;

  /**
   * A planner for one node.
   *
   * @param inherited entries every container gets besides PATH, HOME and LANG; a container may
   *     override them
   */
  public LaunchPlanner(ImageCatalog images, Map<String, String> inherited) {
    this.images = images;
    this.inherited = Map.copyOf(inherited);
  }

  /**
   * Resolves everything a container needs.
   *
   * @param home a directory of its own, its HOME and where it works unless it says otherwise
   * @throws ContainerStartException if it cannot start now
   */
  public Launch plan(
      Container container,
      DownwardApi downwardApi,
      References references,
      List<MountRewriter.Place> places,
      Path home)
      throws ContainerStartException {
    boolean ownCommand = !container.getCommand().isEmpty();
    Image image = images.find(container.getImage(), ownCommand);
    MountRewriter mounts = new MountRewriter(places);
    Map<String, String> asked = new EnvironmentResolver(downwardApi, references).resolve(container);
    asked.replaceAll((name, value) -> mounts.rewrite(value));

    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", System.getenv().getOrDefault("PATH", SearchPath.DEFAULT));
    environment.put("HOME", home.toString());
    environment.put("LANG", "C.UTF-8");
    environment.putAll(inherited);
    environment.putAll(image.env());
    environment.putAll(asked);

    List<String> command = CommandLine.of(container, image, asked, mounts);
    return new Launch(command, environment, workingDirectory(container, mounts, home));
  }

  private static Path workingDirectory(Container container, MountRewriter mounts, Path home)
      throws ContainerStartException {
    Optional<String> asked =
        Optional.ofNullable(container.getWorkingDir()).filter(directory -> !directory.isEmpty());
    Path directory = asked.map(mounts::rewrite).map(Path::of).orElse(home);
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new ContainerStartException(
          StartFailure.CONTAINER, "cannot make directory %s: %s".formatted(home, e.getMessage()));
    }
    if (!Files.isDirectory(directory)) {
      throw new ContainerStartException(
          StartFailure.CONTAINER,
          "workingDir %s of container \"%s\" is no directory of this machine and lies in no volume"
              .formatted(container.getWorkingDir(), container.getName()));
    }
    return directory;
  }
}
