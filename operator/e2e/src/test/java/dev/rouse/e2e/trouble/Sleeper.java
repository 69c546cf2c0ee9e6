package dev.rouse.e2e.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.ServerBehindDoor;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.wire.Ack;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A second server that is stopped in the middle of two appends: one has not reached the API server,
 * of the other the answer is on its way. Meanwhile its clients ask the first server, and say more.
 */
final class Sleeper implements AutoCloseable {

  /** How long it stands still at least; {@code -Drouse.trouble.stop=PT5M} makes it longer. */
  private static final Duration STOP =
      Duration.parse(System.getProperty("rouse.trouble.stop", "PT60S"));

  /** One append that was under way. */
  private record Half(
      Listener listener, Hold hold, Request request, CompletableFuture<Answer> late, Ack early) {}

  private final ServerBehindDoor server;
  private final Caller there;
  private final List<Half> halves = new ArrayList<>();
  private final Instant since;

  private Sleeper(ServerBehindDoor server, Caller there) {
    this.server = server;
    this.there = there;
    this.since = Instant.now();
  }

  /** Stops a server of its own; {@code caller} goes to another one. */
  static Sleeper fallAsleep(Cluster cluster, Namespace namespace, Caller caller) throws Exception {
    ServerBehindDoor server = cluster.serverBehindDoor("server-asleep");
    server.server().awaitReady();
    Caller there =
        Caller.of(namespace, "editor", List.of(server.server().url()))
            .waiting(STOP.plus(Duration.ofMinutes(10)));
    List<Listener> listeners =
        Stream.of(Hold.When.BEFORE, Hold.When.AFTER)
            .map(when -> Listener.resting(caller, "asleep " + when, "say: asleep " + when))
            .toList();
    List<Hold> holds = new ArrayList<>();
    List<Request> requests = new ArrayList<>();
    List<CompletableFuture<Answer>> late = new ArrayList<>();
    for (Listener listener : listeners) {
      Hold.When when = holds.isEmpty() ? Hold.When.BEFORE : Hold.When.AFTER;
      String tail = "/configmaps/rouse-" + listener.work().uid();
      holds.add(
          server
              .door()
              .hold(
                  "append",
                  when,
                  seen -> seen.method().equals("PUT") && seen.path().endsWith(tail)));
      Request request = listener.saying("say it to the one that is stopped");
      requests.add(request);
      late.add(CompletableFuture.supplyAsync(() -> once(there, request)));
      holds.getLast().awaitHit(WorkSession.PATIENCE);
    }
    server.server().freeze();

    Sleeper sleeper = new Sleeper(server, there);
    for (int i = 0; i < listeners.size(); i++) {
      Listener listener = listeners.get(i);
      Ack early = listener.send(requests.get(i)).join();
      listener.work().awaitRest();
      listener.send(listener.saying("say it to the other one")).join();
      sleeper.halves.add(new Half(listener, holds.get(i), requests.get(i), late.get(i), early));
    }
    return sleeper;
  }

  private static Answer once(Caller caller, Request request) {
    try {
      return caller.once(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Lets it go on, and judges what it then says. */
  Row wakeUp() {
    await("it has stood still for long enough")
        .atMost(STOP.plus(WorkSession.PATIENCE))
        .until(() -> Duration.between(since, Instant.now()).compareTo(STOP) >= 0);
    Instant ended = Instant.now();
    halves.forEach(half -> half.hold().release());
    server.server().thaw();

    Duration longest = Duration.ZERO;
    int messages = 0;
    for (Half half : halves) {
      // A connection that was silent for so long may be cut, the server's own as well as the
      // client's: then the client asks again, as SDKs do.
      Answer answer =
          half.late()
              .handle((said, cut) ->
                  cut != null || said.wantsRetry() ? there.call(half.request()) : said)
              .join();
      longest = longer(longest, Duration.between(ended, answer.at()));
      assertThat(answer.ok().at("/data/0/id").asText())
          .as("the late answer to %s", half.request())
          .isEqualTo(half.early().id());
      half.listener().awaitRest();
      List<String> here = ids(half.listener().api().history());
      assertThat(ids(ApiSession.of(there, half.listener().api().id()).history()))
          .as("what the one that was stopped knows")
          .isEqualTo(here);
      half.listener().judge();
      messages += 3;
    }
    return new Row(
        20,
        "of two servers one is stopped (SIGSTOP) for %d s in the middle of two appends"
            .formatted(Duration.between(since, ended).toSeconds()),
        List.of(
            "no answer from the stopped one; the same request to the other: 200",
            "when it goes on, or is asked again: 200 with the id that the other gave"),
        null,
        longest,
        "0 and 0 of %d acknowledged; no fork".formatted(messages));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static List<String> ids(List<JsonNode> events) {
    return events.stream().map(event -> event.path("id").asText()).toList();
  }

  @Override
  public void close() throws IOException {
    server.server().thaw();
    halves.forEach(half -> half.listener().close());
    there.close();
    server.close();
  }
}
