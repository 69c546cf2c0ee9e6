package dev.rouse.e2e.bench;

import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.AuditedRequest;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.SpanEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What it takes to start a session, and what its parts have in memory meanwhile. */
final class Starts {

  private final Namespace namespace;
  private final List<Double> begun = new ArrayList<>();
  private final List<Double> woken = new ArrayList<>();
  private final List<Double> asked = new ArrayList<>();
  private final List<Double> firstCall = new ArrayList<>();
  private final List<Double> brain = new ArrayList<>();
  private final List<Double> hands = new ArrayList<>();
  private final Map<String, List<Double>> writes = new TreeMap<>();
  private final List<Double> needed = new ArrayList<>();
  private final List<Double> appends = new ArrayList<>();

  Starts(Namespace namespace) {
    this.namespace = namespace;
  }

  /** A session from {@code kubectl apply} to the end of its first turn. */
  void session(int number) throws IOException {
    Instant from = Instant.now();
    WorkSession session = namespace.work("started-" + number, "hold started-" + number);
    await("both parts are at work")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> session.file("gate").isPresent());
    brain.add(Memory.residentMiB(session.brain().pid()));
    hands.add(Memory.residentMiB(session.hands().pid()));
    Files.writeString(session.file("gate").orElseThrow(), "go on\n");
    session.awaitRest();

    List<LogRecord> log = session.log();
    Instant woke = first(log, InternalEvent.Woken.class);
    note(begun, from, log.getFirst().at());
    note(woken, log.getFirst().at(), woke);
    note(asked, woke, first(log, SpanEvent.ModelRequestStart.class));
    note(firstCall, first(log, AgentEvent.ToolUse.class), first(log, AgentEvent.ToolResult.class));
    count(
        AuditedRequest.all(
                namespace.cluster(),
                it ->
                    it.component().isPresent()
                        && it.isWrite()
                        && it.isAbout(session)
                        && !it.at().isBefore(from)
                        && it.at().isBefore(woke))
            .stream()
            .collect(Collectors.groupingBy(Starts::what, TreeMap::new, Collectors.counting())));
  }

  private static String what(AuditedRequest request) {
    return "%s: %s %s"
        .formatted(request.component().orElseThrow(), request.verb(), request.resource());
  }

  private void count(Map<String, Long> counts) {
    double ofLog = 0;
    double others = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      writes
          .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
          .add(entry.getValue().doubleValue());
      if (entry.getKey().contains("configmaps")) {
        ofLog += entry.getValue();
      } else {
        others += entry.getValue();
      }
    }
    appends.add(ofLog);
    needed.add(others);
  }

  private static Instant first(List<LogRecord> log, Class<? extends Event> type) {
    return log.stream()
        .filter(record -> type.isInstance(record.event()))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private static void note(List<Double> to, Instant from, Instant until) {
    to.add(Duration.between(from, until).toNanos() / 1e6);
  }

  List<Figure> times() {
    return List.of(
        new Figure("kubectl apply → record 0 is durable", "ms", begun),
        new Figure("→ the brain has woken", "ms", woken),
        new Figure("→ it asks the model", "ms", asked),
        new Figure("first tool call: hands start, run it, result is durable", "ms", firstCall));
  }

  List<Figure> memory(Cluster cluster) throws IOException {
    List<Figure> figures =
        new ArrayList<>(
            List.of(new Figure("brain", "MiB", brain), new Figure("hands", "MiB", hands)));
    for (String component : List.of("server", "operator")) {
      figures.add(
          Figure.one(
              component,
              "MiB",
              Memory.residentMiB(cluster.launcher().component(component).current().pid())));
    }
    return figures;
  }

  List<Figure> writes() {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure("**API writes until the brain has woken**, without the log", "", needed));
    figures.add(new Figure("appends to the log until then", "", appends));
    writes.forEach((what, counts) -> figures.add(new Figure(what, "", counts)));
    return figures;
  }
}
