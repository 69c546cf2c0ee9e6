package dev.rouse.e2e.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * {@code target/trouble}: a file for each line of the table, and the table made of them. A run of a
 * single case replaces its line and leaves the others.
 */
record Table(Path directory) {

  private static final String HEAD =
      """
      | what is wrong | what people see meanwhile | input taken after | answered and at rest after | lost and twice |
      |---|---|---|---|---|
      """;

  static Table of(Cluster cluster) throws IOException {
    return new Table(
        Files.createDirectories(
            cluster.root().resolve(Path.of("operator", "e2e", "target", "trouble"))));
  }

  /** Writes a line, and the table anew. */
  void add(Row row) throws IOException {
    System.out.println("trouble: " + row.markdown());
    ObjectNode json = EventCodec.JSON.createObjectNode();
    json.put("order", row.order()).put("fault", row.fault());
    row.saw().forEach(json.putArray("saw")::add);
    if (row.taken() != null) {
      json.put("takenMillis", row.taken().toMillis());
    }
    json.put("restedMillis", row.rested().toMillis()).put("balance", row.balance());
    json.put("markdown", row.markdown());
    Files.writeString(directory.resolve("%02d.json".formatted(row.order())), json.toPrettyString());
    Files.writeString(directory.resolve("trouble.md"), markdown());
  }

  private String markdown() throws IOException {
    TreeMap<String, String> lines = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        JsonNode row = EventCodec.JSON.readTree(Files.readString(file));
        lines.put(file.getFileName().toString(), row.path("markdown").asText());
      }
    }
    return HEAD + String.join("\n", lines.values()) + "\n";
  }
}
