package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.process.AttemptDirectory;
import dev.rouse.devcluster.node.process.Exit;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The last words of a container: what it wrote for this purpose, or else the end of its log. */
final class TerminationMessage {

  private static final int MESSAGE_BYTES = 4096;
  private static final int LOG_BYTES = 2048;
  private static final int LOG_LINES = 80;

  private TerminationMessage() {}

  static String read(Container container, AttemptDirectory directory, Exit exit) {
    if (!exit.known()) {
      return "The container's end was not seen: its shim was gone";
    }
    try {
      String own = tail(directory.terminationMessage(), MESSAGE_BYTES);
      boolean fallback =
          "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy())
              && exit.code() != 0;
      return own.isEmpty() && fallback ? lastLines(tail(directory.log(), LOG_BYTES)) : own;
    } catch (IOException e) {
      return "its termination message could not be read: " + e.getMessage();
    }
  }

  private static String lastLines(String text) {
    String[] lines = text.split("\n", -1);
    int from = Math.max(0, lines.length - LOG_LINES);
    return String.join("\n", Arrays.asList(lines).subList(from, lines.length));
  }

  private static String tail(Path file, int limit) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - limit);
      in.seek(from);
      byte[] bytes = new byte[Math.toIntExact(in.length() - from)];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
