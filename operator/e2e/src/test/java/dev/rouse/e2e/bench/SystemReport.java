package dev.rouse.e2e.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.Store;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.session.EventCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the whole system on a dev cluster and writes a page, and the same as JSON. */
public final class SystemReport {

  private static final int STARTS = 10;
  private static final int KILLS = 20;
  private static final int FLEET = 2_000;
  private static final int RESTARTS = 3;

  private static final String HEADER =
      """
      # What the whole system costs

      Written by `make bench`, on a dev cluster with logs in ConfigMaps unless another store is named: API server, etcd, node, model and
      all of Rouse share the two cores of one machine, pods are its processes, and between the programs
      stand the proxies of the tests. Times between two records are those of the log itself.

      """;

  private SystemReport() {}

  /**
   * Measures.
   *
   * @param args the directory to write to; then {@code streams} to measure these alone
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0]));
    streams(directory);
    if (args.length > 1 && args[1].equals("streams")) {
      return;
    }
    Map<String, List<Figure>> sections = new LinkedHashMap<>();
    List<Figure> longSessions = new ArrayList<>();
    try (PostgresServer database = PostgresServer.start()) {
      for (Store store :
          List.of(
              new Store.ConfigMaps(),
              Store.Sqlite.anew(),
              new Store.Postgres(database.database()))) {
        try (Cluster cluster = Cluster.start(store, "cluster-bench")) {
          say("a long session in " + store.name());
          longSessions.addAll(new LongSession(cluster.trials("bench-long")).measure());
          if (store instanceof Store.ConfigMaps) {
            measure(cluster, sections);
          }
        }
      }
    }
    sections.put("A session of 10,000 events comes from a file and is deleted", longSessions);
    write(directory, "system", sections);
  }

  private static void write(Path directory, String name, Map<String, List<Figure>> sections)
      throws Exception {
    Files.writeString(directory.resolve(name + ".json"), json(sections));
    Files.writeString(directory.resolve(name + ".md"), page(sections));
  }

  /** On a cluster of their own: what other figures leave behind would count as theirs. */
  private static void streams(Path directory) throws Exception {
    try (Cluster cluster = Cluster.start(new Store.ConfigMaps(), "cluster-bench")) {
      say("many streams are open at once");
      List<Figure> figures = new Streams(cluster.trials("bench-streams")).measure();
      write(directory, "streams", Map.of("Many streams of many sessions", figures));
    }
  }

  private static void measure(Cluster cluster, Map<String, List<Figure>> sections)
      throws Exception {
    Namespace namespace = cluster.trials("bench");
    Starts starts = new Starts(namespace);
    say(STARTS + " sessions start");
    for (int number = 0; number < STARTS; number++) {
      starts.session(number);
    }
    sections.put("A session starts", starts.times());
    sections.put("Writes to the Kubernetes API for a session's start", starts.writes());
    List<Figure> memory = new ArrayList<>(starts.memory(cluster));
    say(KILLS + " brains are killed");
    try (KillToNext kills = new KillToNext(namespace)) {
      for (int number = 0; number < KILLS; number++) {
        kills.kill(number);
      }
      sections.put("A brain is killed while its tool call runs", kills.figures());
    }
    say("a session of the largest size wakes");
    sections.put("A session of the largest size wakes", new ColdStart(namespace).measure());
    Namespace many = cluster.trials("bench-fleet");
    say("%,d sessions are made".formatted(FLEET));
    Fleet fleet = new Fleet(many);
    List<Figure> lists = new ArrayList<>(List.of(fleet.make(FLEET)));
    lists.add(fleet.list(FLEET));
    Caller caller = Caller.of(many, "editor", List.of(cluster.serverUrl()));
    ApiSession rests = ApiSession.create(caller, "listener", "rests", "say hello");
    rests.work().awaitRest();
    rests.work().awaitNoPods();
    lists.addAll(fleet.bytes(rests.id()));
    sections.put("Many sessions that rest", lists);
    memory.add(
        Figure.one(
            "server, after %,d sessions".formatted(FLEET),
            "MiB",
            Memory.residentMiB(cluster.launcher().component("server").current().pid())));
    sections.put("Memory", memory);
    say("the server is killed beside them");
    sections.put("A server starts", List.of(restarts(cluster)));
  }

  private static void say(String what) {
    System.out.println("-- " + what);
  }

  /** How long after a kill the server takes calls again, beside so many sessions. */
  private static Figure restarts(Cluster cluster) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int number = 0; number < RESTARTS; number++) {
      long start = System.nanoTime();
      cluster.kill("server");
      cluster.awaitServer();
      times.add((System.nanoTime() - start) / 1e6);
    }
    return new Figure(
        "kill -9 of the server → ready again, beside %,d sessions".formatted(FLEET), "ms", times);
  }

  private static String json(Map<String, List<Figure>> sections) throws Exception {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    sections.forEach((title, figures) ->
        figures.forEach(figure ->
            body.withArray(title)
                .addObject()
                .put("what", figure.what())
                .put("unit", figure.unit())
                .put("samples", figure.samples().size())
                .put("p50", figure.percentile(50))
                .put("p95", figure.percentile(95))
                .put("max", figure.percentile(100))));
    return body.toPrettyString() + "\n";
  }

  private static String page(Map<String, List<Figure>> sections) {
    StringBuilder text = new StringBuilder(HEADER);
    sections.forEach((title, figures) -> {
      text.append("## ").append(title).append("\n\n");
      text.append("| what | unit | samples | p50 | p95 | longest or most |\n");
      text.append("|---|---|--:|--:|--:|--:|\n");
      figures.forEach(figure -> text.append(figure.row()));
      text.append('\n');
    });
    return text.toString();
  }
}
