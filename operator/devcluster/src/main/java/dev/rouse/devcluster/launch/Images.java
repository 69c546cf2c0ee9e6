package dev.rouse.devcluster.launch;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The file that tells the dev node which command an image stands for. */
final class Images {

  /** What the node does for an image. */
  private record Image(List<String> command, Map<String, String> env) {}

  private Images() {}

  /** Writes the map from image to command; every command is {@code program} and its arguments. */
  static void write(Path file, Map<String, List<String>> commands) throws IOException {
    Map<String, Image> images = new TreeMap<>();
    commands.forEach((image, command) -> images.put(image, new Image(command, Map.of())));
    Files.writeString(file, new YAMLMapper().writeValueAsString(Map.of("images", images)));
  }
}
