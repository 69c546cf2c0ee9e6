package dev.rouse.e2e.bench;

import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.AuditedRequest;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How late events arrive at the clients of many open streams, beside one stream alone in the same
 * run; and what clients cost that open streams and do not read them.
 *
 * <p>The events are interrupts of sessions that rest: each is one durable append, and none starts a
 * brain. A time ends when the client has the event. It begins with {@code processed_at}, which is
 * taken before the append, or when the API server has written the log, as its audit log tells: all
 * by the clock that they share. The first round of all streams warms programs up and is not shown.
 */
final class Streams {

  private static final int SESSIONS = 50;
  private static final int STREAMS = 200;

  /** Events of each session; one a second. */
  private static final int ROUNDS = 20;

  private static final int UNREAD = 100;
  private static final int LARGE_EVENTS = 60;
  private static final int LARGE = 60_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Namespace namespace;
  private final Caller caller;
  private final HttpClient http;

  Streams(Namespace namespace) {
    this.namespace = namespace;
    this.caller = Caller.of(namespace, "editor", List.of(namespace.cluster().serverUrl()));
    this.http = Caller.http(namespace.cluster());
  }

  List<Figure> measure() throws Exception {
    try (http) {
      List<ApiSession> sessions = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        sessions.add(ApiSession.create(caller, "listener", "streams " + i));
      }
      List<Figure> figures = new ArrayList<>();
      double before = resident();
      arrivals("", sessions, STREAMS);
      figures.addAll(arrivals("one stream, nothing else", sessions.subList(0, 1), 1));
      figures.addAll(
          arrivals(
              "%d streams of %d sessions, an event a second each".formatted(STREAMS, SESSIONS),
              sessions,
              STREAMS));
      double read = resident();
      double held = held();
      try (Unread unread = new Unread()) {
        figures.addAll(
            arrivals(
                "the same beside %d streams that nobody reads".formatted(UNREAD),
                sessions,
                STREAMS));
        double after = resident();
        figures.add(Figure.one("server, before the streams", "MiB", before));
        figures.add(Figure.one("server, after %d streams".formatted(STREAMS), "MiB", read));
        figures.add(Figure.one("server, beside those that nobody reads", "MiB", after));
        figures.add(
            Figure.one(
                String.format(
                    Locale.ROOT,
                    "held for one client that does not read %.1f MB",
                    unread.megabytes()),
                "KiB",
                Math.max(0, held() - held) * 1024 / UNREAD));
      }
      return figures;
    }
  }

  private double resident() throws IOException {
    return Memory.residentMiB(server());
  }

  /**
   * Without what is garbage by now: the heap of a server that was busy is larger than its content.
   */
  private double held() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process collection =
        new ProcessBuilder(jcmd, Long.toString(server()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    if (collection.waitFor() != 0) {
      throw new IOException("jcmd GC.run ended with " + collection.exitValue());
    }
    return resident();
  }

  private long server() {
    return namespace.cluster().launcher().component("server").current().pid();
  }

  /** An event of a session, and when its client had it. */
  private record Arrival(ApiSession session, Instant processed, Instant came) {}

  private List<Figure> arrivals(String what, List<ApiSession> sessions, int streams)
      throws Exception {
    List<CompletableFuture<List<Arrival>>> readers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      readers.add(read(sessions.get(i % sessions.size())));
    }
    try (ScheduledExecutorService senders = Executors.newScheduledThreadPool(8)) {
      List<ScheduledFuture<Answer>> sent = new ArrayList<>();
      for (int n = 0; n < sessions.size() * ROUNDS; n++) {
        ApiSession session = sessions.get(n % sessions.size());
        long at = n * 1_000L / sessions.size();
        sent.add(senders.schedule(() -> interrupt(session), at, TimeUnit.MILLISECONDS));
      }
      for (ScheduledFuture<Answer> one : sent) {
        one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    List<Arrival> all = new ArrayList<>();
    for (CompletableFuture<List<Arrival>> reader : readers) {
      all.addAll(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
    Map<String, NavigableMap<Instant, Instant>> commits = commits();
    List<Double> fromCommit =
        all.stream()
            .map(it -> {
              NavigableMap<Instant, Instant> own = commits.get(log(it.session()));
              return millis(own.ceilingEntry(it.processed()).getValue(), it.came());
            })
            .toList();
    List<Double> fromBegin = all.stream().map(it -> millis(it.processed(), it.came())).toList();
    return List.of(
        new Figure("commit → client: " + what, "ms", fromCommit),
        new Figure("the append, too: " + what, "ms", fromBegin));
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  /** When each write of a log came and was answered, by the log's object. */
  private Map<String, NavigableMap<Instant, Instant>> commits() {
    Map<String, NavigableMap<Instant, Instant>> commits = new HashMap<>();
    AuditedRequest.all(
            namespace.cluster(),
            it -> it.verb().equals("update") && it.resource().equals("configmaps"))
        .forEach(it ->
            commits.computeIfAbsent(it.name(), _ -> new TreeMap<>()).put(it.at(), it.answered()));
    return commits;
  }

  /** The object that a session's latest commits are in. */
  private static String log(ApiSession session) {
    return "rouse-" + session.work().uid();
  }

  private Answer interrupt(ApiSession session) throws IOException, InterruptedException {
    Answer answer = caller.once(session.sending(ApiSession.interrupt()));
    answer.ok();
    return answer;
  }

  /** Opens a stream; completes when as many events came as will be sent. */
  private CompletableFuture<List<Arrival>> read(ApiSession session) throws Exception {
    HttpResponse<Stream<String>> response = caller.stream(http, stream(session.id()));
    CompletableFuture<List<Arrival>> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (Stream<String> lines = response.body()) {
            done.complete(
                lines
                    .filter(line -> line.startsWith("data:"))
                    .map(line -> new Arrival(session, processed(line), Instant.now()))
                    .limit(ROUNDS)
                    .toList());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private static Instant processed(String line) {
    int at = line.indexOf("\"processed_at\":\"") + "\"processed_at\":\"".length();
    return Instant.parse(line.substring(at, line.indexOf('"', at)));
  }

  private static String stream(String session) {
    return "/v1/sessions/" + session + "/events/stream";
  }

  /**
   * Clients that take what their connection holds, and then nothing, of a session that says much.
   */
  private final class Unread implements AutoCloseable {

    private final List<HttpResponse<Stream<String>>> open = new ArrayList<>();

    Unread() throws Exception {
      // Suspended, so that its messages are on record and start no brain.
      namespace.apply(
          """
          apiVersion: rouse.dev/v1alpha1
          kind: Session
          metadata: {name: unread, namespace: %s}
          spec: {agentRef: {name: listener}, environmentRef: {name: default}, suspend: true}
          """
              .formatted(namespace.name()));
      String id = WireIds.session(namespace.existing("unread").object().getMetadata().getUid());
      for (int i = 0; i < UNREAD; i++) {
        open.add(caller.stream(http, stream(id) + "?include_internal=true"));
      }
      ApiSession session = ApiSession.of(caller, id);
      for (int i = 0; i < LARGE_EVENTS; i++) {
        session.send(ApiSession.message("x".repeat(LARGE)));
      }
    }

    double megabytes() {
      return LARGE_EVENTS * LARGE / 1e6;
    }

    @Override
    public void close() {
      open.forEach(it -> it.body().close());
    }
  }
}
