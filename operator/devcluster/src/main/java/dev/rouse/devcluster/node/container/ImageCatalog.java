package dev.rouse.devcluster.node.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The images this node knows, from a YAML file {@code images: {<name>: {command, args, env}}}. The
 * file is read again for each container that starts, so an edit counts at once.
 */
public final class ImageCatalog {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Path file;

  public ImageCatalog(Path file) {
    this.file = file;
  }

  /**
   * Finds what stands for an image.
   *
   * @param ownCommand whether the container brings a command, and so needs no image
   * @throws ContainerStartException with reason ErrImagePull if it is unknown or the file is broken
   */
  public Image find(String name, boolean ownCommand) throws ContainerStartException {
    Map<String, Image> images = read();
    Optional<Image> image = Optional.ofNullable(images.get(name));
    if (image.isEmpty() && !ownCommand) {
      throw new ContainerStartException(
          StartFailure.IMAGE,
          "the dev node has no program for image \"%s\"; it knows %s (%s). Set the container's command or add the image there."
              .formatted(name, images.isEmpty() ? "none" : new TreeSet<>(images.keySet()), file));
    }
    return image.orElse(Image.NONE);
  }

  private Map<String, Image> read() throws ContainerStartException {
    try {
      CatalogFile content = YAML.readValue(Files.readString(file), CatalogFile.class);
      return content == null || content.images() == null ? Map.of() : content.images();
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw new ContainerStartException(
          StartFailure.IMAGE, "cannot read the images file %s: %s".formatted(file, e.getMessage()));
    }
  }

  private record CatalogFile(@JsonProperty("images") @Nullable Map<String, Image> images) {}
}
