package dev.rouse.devcluster.model.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger on disk, a JSON object a line, each flushed when written: it has to outlive this
 * process, not the machine.
 */
final class RecordFile implements AutoCloseable {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final Path path;
  private final BufferedWriter writer;

  RecordFile(Path path) throws IOException {
    this.path = path;
    this.writer =
        Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** What earlier processes wrote. The last line may be torn by their death: it is left out. */
  static List<Entry> read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    String text = Files.readString(path);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    if (whole.length() < text.length()) {
      Files.writeString(path, whole);
    }
    var entries = new ArrayList<Entry>();
    for (String line : whole.lines().toList()) {
      entries.add(JSON.readValue(line, Entry.class));
    }
    return entries;
  }

  void write(Entry entry) {
    try {
      writer.write(JSON.writeValueAsString(entry));
      writer.newLine();
      writer.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every entry can be written as JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the record file " + path, e);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
