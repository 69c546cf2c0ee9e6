package dev.rouse.e2e.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The images that the nodes of a bed have. */
final class BedImages {

  private static final List<String> PARTS = List.of("operator", "server", "brain", "hands");

  private BedImages() {}

  /**
   * The bed's own, and those of Rouse.
   *
   * @param root of the checkout, where {@code make images} has made them
   * @param work where the bed's own are made
   * @throws IOException if one is missing
   */
  static List<ImageArchive> all(Programs programs, Path root, Path work)
      throws IOException, InterruptedException {
    List<ImageArchive> images =
        new ArrayList<>(
            List.of(
                ImageArchive.of(programs.pause(), NodeFiles.PAUSE_IMAGE, work),
                ImageArchive.of(programs.coredns(), "rouse.dev/e2e-coredns:e2e", work)));
    images.addAll(built(root));
    return images;
  }

  private static List<ImageArchive> built(Path root) throws IOException, InterruptedException {
    Path directory = root.resolve("target").resolve("images");
    if (!Files.isDirectory(directory)) {
      throw new IOException("no images in %s: run 'make images'".formatted(directory));
    }
    List<ImageArchive> images = new ArrayList<>();
    for (String part : PARTS) {
      try (Stream<Path> files = Files.list(directory)) {
        Path tar =
            files
                .filter(
                    file -> file.getFileName().toString().matches("rouse-" + part + "-.*\\.tar"))
                .findFirst()
                .orElseThrow(() ->
                    new IOException(
                        "no image of %s in %s: run 'make images'".formatted(part, directory)));
        images.add(ImageArchive.of(tar));
      }
    }
    return images;
  }
}
