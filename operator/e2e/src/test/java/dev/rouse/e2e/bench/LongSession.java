package dev.rouse.e2e.bench;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.SessionFileWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** A session of many events comes out of a file, and is deleted again. */
final class LongSession {

  private static final int EVENTS = 10_000;

  /** Of each event, before Base64: no store packs them to nothing. */
  private static final int BYTES = 1_000;

  private static final Duration TICK = Duration.ofMillis(20);

  private final Namespace namespace;

  LongSession(Namespace namespace) {
    this.namespace = namespace;
  }

  List<Figure> measure() throws IOException {
    Cluster cluster = namespace.cluster();
    String store = cluster.store().name();
    WorkSession source = namespace.work("short", "listener", "short");
    source.awaitRest();
    Path file = Files.createTempFile("rouse-bench", ".jsonl");
    try {
      write(file, source.log());
      long start = System.nanoTime();
      RouseCommand.of(cluster)
          .run(
              RouseCommand.as(namespace, "approver"),
              "import",
              file.toString(),
              "--name",
              "long",
              "-n",
              namespace.name());
      double imported = (System.nanoTime() - start) / 1e6;
      WorkSession session = namespace.existing("long");
      session.awaitRest();
      double left = session.traces();
      start = System.nanoTime();
      cluster
          .kubectl()
          .run("delete", "sessions.rouse.dev", "long", "-n", namespace.name(), "--wait=false");
      await("nothing is left of it")
          .atMost(WorkSession.PATIENCE)
          .pollInterval(TICK)
          .until(() -> !session.exists() && session.traces() == 0);
      double removed = (System.nanoTime() - start) / 1e6;
      return List.of(
          Figure.one(
              String.format(Locale.ROOT, "%s: kubectl rouse import of %,d events", store, EVENTS),
              "ms",
              imported),
          Figure.one(store + ": objects or rows that they are", "", left),
          Figure.one(store + ": kubectl delete → none of them is left", "ms", removed));
    } finally {
      Files.delete(file);
    }
  }

  /** The records of a short session that rests, and after them what an agent may have said. */
  private static void write(Path file, List<LogRecord> begin) throws IOException {
    SessionFileWriter writer = new SessionFileWriter();
    Random random = new Random(EVENTS);
    Ids ids = Ids.from(random);
    byte[] bytes = new byte[BYTES];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          writer.header(
              FileHeader.of(
                  "00000000-0000-4000-8000-000000000000",
                  "elsewhere",
                  "long",
                  "listener",
                  "default",
                  null,
                  Map.of(),
                  EVENTS - 1,
                  Instant.now())));
      for (LogRecord record : begin) {
        out.write(writer.record(record));
      }
      Instant at = begin.getLast().at();
      for (int seq = begin.size(); seq < EVENTS; seq++) {
        at = at.plusNanos(1_000);
        random.nextBytes(bytes);
        String text = Base64.getEncoder().encodeToString(bytes);
        out.write(
            writer.record(
                LogRecord.of(
                    seq,
                    at,
                    begin.getLast().epoch(),
                    new AgentEvent.Message(ids.event(), List.of(ContentBlock.text(text))))));
      }
      out.write(writer.end());
    }
  }
}
