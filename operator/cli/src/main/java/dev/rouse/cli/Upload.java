package dev.rouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.SessionFileReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Brings a file's records to a server, piece by piece: the session is there for nobody until {@link
 * #end}. Every step may be done again, also by another run of the command.
 */
final class Upload {

  /** Bytes of records in one request, unless a single record has more. */
  private static final int PIECE = 1024 * 1024;

  private final ServerClient server;
  private final FileHeader header;
  private final String id;
  private final boolean complete;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private long head = -1;

  /** What the new session is called, and what it refers to. */
  record Wish(String name, String agent, String environment) {}

  private Upload(ServerClient server, FileHeader header, JsonNode begun) {
    this.server = server;
    this.header = header;
    this.id = begun.path("id").asText();
    this.complete = begun.path("complete").asBoolean();
  }

  /** Begins, or finds what a run before has begun. @param key the same for every run */
  static Upload begin(ServerClient server, FileHeader header, Wish wish, String key)
      throws InterruptedException {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.put("name", wish.name()).put("agent", wish.agent()).put("environment", wish.environment());
    if (header.title() != null) {
      body.put("title", header.title());
    }
    if (header.metadata() != null) {
      body.set("metadata", EventCodec.JSON.valueToTree(header.metadata()));
    }
    if (header.budget() != null) {
      body.set("budget", header.budget());
    }
    return new Upload(server, header, server.copy("", bytes(body), key));
  }

  /** The new session's id. */
  String id() {
    return id;
  }

  /** Whether a run before has done all of it. */
  boolean isComplete() {
    return complete;
  }

  /**
   * Sends the records that were not sent yet.
   *
   * @param last the last one to send; those after it are read and left
   */
  void send(SessionFileReader file, long last, Meter meter)
      throws IOException, FileFault, InterruptedException {
    for (Optional<SessionFileReader.Entry> next = file.next();
        next.isPresent();
        next = file.next()) {
      long seq = next.get().record().seq();
      if (seq <= head || seq > last) {
        continue;
      }
      piece.write(next.get().line());
      piece.write('\n');
      head = seq;
      if (piece.size() >= PIECE) {
        flush();
        meter.at(seq + 1, last + 1);
      }
    }
    flush();
  }

  private void flush() throws InterruptedException {
    if (piece.size() > 0) {
      server.copy("/" + id + "/log", piece.toByteArray(), null);
      piece.reset();
    }
  }

  /** The last record that was sent; -1 before the first. */
  long head() {
    return head;
  }

  /** Makes a session of what was sent. @param kind {@code import} or {@code move} */
  void end(String kind) throws InterruptedException {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.put("kind", kind).put("head", head);
    body.putObject("source").put("namespace", header.namespace()).put("name", header.name());
    server.copy("/" + id + "/log/end", bytes(body), null);
  }

  static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
