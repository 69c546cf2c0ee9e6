package dev.rouse.e2e.trial;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.ExtraServer;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.StreamFollower;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Sends to sessions and follows them while two servers are killed one after the other. */
final class Rolling implements AutoCloseable {

  private static final int SESSIONS = 3;
  private static final int FOLLOWERS = 4;

  /** A person who types fast. */
  private static final int PAUSE_MILLIS = 150;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Caller> callers = new ArrayList<>();
  private final List<Told> sessions = new ArrayList<>();
  private final List<CompletableFuture<Void>> sending = new ArrayList<>();

  /** A session, what it was told, and who listened. */
  record Told(ApiSession session, List<String> texts, List<StreamFollower> followers) {}

  /** Makes the sessions, half of their clients at either server, and begins to send. */
  static Rolling start(Namespace namespace, List<URI> servers) {
    Rolling rolling = new Rolling();
    Caller first = Caller.of(namespace, "editor", servers);
    rolling.callers.add(first);
    for (int i = 0; i < SESSIONS; i++) {
      Caller sender = rolling.caller(first, i);
      Told told =
          new Told(
              ApiSession.create(sender, "listener", "rolling " + i, "say something"),
              new ArrayList<>(List.of("say something")),
              new ArrayList<>());
      for (int j = 0; j < FOLLOWERS; j++) {
        told.followers().add(told.session().follow(rolling.caller(first, j)));
      }
      rolling.sessions.add(told);
      rolling.sending.add(CompletableFuture.runAsync(() -> rolling.send(told), rolling.threads));
    }
    return rolling;
  }

  private Caller caller(Caller like, int server) {
    Caller caller = like.startingAt(server);
    callers.add(caller);
    return caller;
  }

  private void send(Told told) {
    try {
      for (int i = 0; !stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); i++) {
        String text = "say %d".formatted(i);
        told.texts().add(text);
        told.session().send(ApiSession.message(text));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills each of the two servers so often, the next one when the last is back. */
  void killInTurn(Cluster cluster, ExtraServer extra, int rounds)
      throws IOException, InterruptedException {
    for (int i = 0; i < rounds; i++) {
      cluster.kill("server");
      cluster.awaitServer();
      extra.kill();
      extra.awaitReady();
    }
  }

  /** Ends the sending and waits until every session rests. */
  List<Told> finish() {
    stop.countDown();
    sending.forEach(CompletableFuture::join);
    sessions.forEach(told -> told.session().work().awaitRest());
    return List.copyOf(sessions);
  }

  @Override
  public void close() {
    stop.countDown();
    sessions.forEach(told -> told.followers().forEach(StreamFollower::close));
    threads.shutdownNow();
    callers.forEach(Caller::close);
  }
}
