package dev.rouse.e2e.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * An image as a tar, in the format of {@code docker save}.
 *
 * @param file the tar
 * @param name with a tag, as pods name it
 */
record ImageArchive(Path file, String name) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a tar that is there. */
  static ImageArchive of(Path tar) throws IOException, InterruptedException {
    String manifest = Command.of("tar", "-xOf", tar.toString(), "manifest.json").run();
    JsonNode tag = JSON.readTree(manifest).path(0).path("RepoTags").path(0);
    if (!tag.isTextual()) {
      throw new IOException(tar + " names no image: is it what 'make images' makes?");
    }
    return new ImageArchive(tar, tag.asText());
  }

  /** Makes one that holds one static program and nothing else. */
  static ImageArchive of(Path program, String name, Path directory)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(directory, "image");
    String file = program.getFileName().toString();
    Path root = Files.createDirectory(work.resolve("root"));
    Files.copy(program, root.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    Path layer = Files.createDirectory(work.resolve("layer")).resolve("layer.tar");
    tar(layer, root, file);
    Path image = Files.createDirectory(work.resolve("image"));
    String digest = sha256(layer);
    Files.createDirectory(image.resolve(digest));
    Files.move(layer, image.resolve(digest).resolve("layer.tar"));
    Files.writeString(image.resolve("config.json"), config(file, digest));
    Files.writeString(
        image.resolve("manifest.json"),
        """
        [{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["%s/layer.tar"]}]
        """
            .formatted(name, digest));
    Path made = directory.resolve(file + ".tar");
    tar(made, image, "manifest.json", "config.json", digest);
    return new ImageArchive(made, name);
  }

  private static String config(String program, String digest) {
    ObjectNode config = JSON.createObjectNode();
    config.put("architecture", architecture()).put("os", "linux");
    config.putObject("config").putArray("Entrypoint").add("/" + program);
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add("sha256:" + digest);
    return config.toString();
  }

  /** As container images call it. */
  private static String architecture() {
    String here = System.getProperty("os.arch");
    return switch (here) {
      case "aarch64" -> "arm64";
      default -> here;
    };
  }

  private static void tar(Path archive, Path directory, String... entries)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tar",
                "--owner=0",
                "--group=0",
                "-C",
                directory.toString(),
                "-cf",
                archive.toString()));
    command.addAll(List.of(entries));
    Command.of(command).run();
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
