package dev.rouse.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image as a container runtime reads it.
 *
 * @param config its configuration
 * @param layers the files of each layer by path, from the base upwards
 */
record ImageTar(JsonNode config, List<Map<String, Entry>> layers) {

  /** A file or directory of a layer. */
  record Entry(int mode, long user, long group, Instant modified, String content) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  static ImageTar read(Path file) throws IOException {
    Map<String, byte[]> members = new HashMap<>();
    try (InputStream in = Files.newInputStream(file);
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        members.put(entry.getName(), tar.readAllBytes());
      }
    }
    JsonNode manifest = JSON.readTree(members.get("manifest.json")).get(0);
    List<Map<String, Entry>> layers = new ArrayList<>();
    for (JsonNode layer : manifest.get("Layers")) {
      layers.add(layer(members.get(layer.asText())));
    }
    return new ImageTar(JSON.readTree(members.get(manifest.get("Config").asText())), layers);
  }

  private static Map<String, Entry> layer(byte[] packed) throws IOException {
    Map<String, Entry> files = new LinkedHashMap<>();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed));
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(
            entry.getName(),
            new Entry(
                entry.getMode() & 0777,
                entry.getLongUserId(),
                entry.getLongGroupId(),
                entry.getLastModifiedTime().toInstant(),
                new String(tar.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return files;
  }
}
