package dev.rouse.hands.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Outcomes of any size, each in a file of its own. */
record Results(Path directory) {

  /** Keeps an outcome; it is on the disk when this returns the file's name. */
  String write(String toolUseId, Outcome outcome) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      DurableFile.forceDirectory(DurableFile.parentOf(directory));
    }
    String name = toolUseId + ".json";
    DurableFile.write(
        directory.resolve(name),
        directory.resolve(name + ".tmp"),
        out ->
            EventCodec.JSON
                .writer()
                // The file is forced to the disk before it is closed.
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .writeValue(out, outcome));
    return name;
  }

  Outcome read(String name) throws IOException {
    try (InputStream in = Files.newInputStream(directory.resolve(name))) {
      return EventCodec.JSON.readValue(in, Outcome.class);
    }
  }
}
