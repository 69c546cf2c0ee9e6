package dev.rouse.e2e.kill;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.evidence.Evidence.Persona;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.StreamFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Clients send as fast as they are answered, and the server, or its database, is killed within the
 * few milliseconds of an append, again and again, each time at another moment of it: of the
 * transaction, of the fsync, of the answer. Nothing of the store is asked where it stands.
 */
final class AppendKills {

  private static final int CLIENTS = 4;

  /** An append and its answer take less than this. */
  private static final int WINDOW_MICROS = 20_000;

  /** How often it is killed. */
  private static final int ROUNDS = 3;

  private static final int WHOLE_ROUNDS = 20;

  private final Caller caller;
  private final Random random;
  private final int rounds;
  private final Victim victim;

  /**
   * Each client says once that it was answered and its next request goes out now. All of them:
   * whoever is answered first would else be the one that the next kill follows, and others starve.
   */
  private volatile CountDownLatch next = new CountDownLatch(0);

  private volatile boolean over;

  /** Who is killed. */
  interface Victim {

    /** {@code kill -9}. */
    void kill() throws Exception;

    /** Returns when it works again. */
    void awaitBack() throws Exception;
  }

  AppendKills(Cluster cluster, Lot lot, String namespace, Victim victim) {
    this.caller = Caller.of(cluster.trials(namespace), "editor");
    this.random = lot.random();
    this.rounds = lot.whole() ? WHOLE_ROUNDS : ROUNDS;
    this.victim = victim;
  }

  private record Client(ApiSession session, StreamFollower follower, String first) {}

  void run() throws Exception {
    try (caller;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Client> clients = IntStream.range(0, CLIENTS).mapToObj(this::client).toList();
      List<CompletableFuture<List<String>>> sent =
          clients.stream()
              .map(client -> CompletableFuture.supplyAsync(() -> send(client), threads))
              .toList();
      try {
        for (int round = 0; round < rounds; round++) {
          killWithinAnAppend();
        }
        victim.awaitBack();
      } finally {
        over = true;
      }
      for (int number = 0; number < CLIENTS; number++) {
        judge(clients.get(number), sent.get(number).join());
      }
    }
  }

  private Client client(int number) {
    String first = caller.namespace().name() + " " + number;
    ApiSession session = ApiSession.create(caller, "listener", first, first);
    return new Client(session, session.follow(caller), first);
  }

  private List<String> send(Client client) {
    List<String> all = new ArrayList<>(List.of(client.first()));
    CountDownLatch told = new CountDownLatch(0);
    while (!over) {
      String text = client.first() + " message " + all.size();
      CountDownLatch goes = next;
      if (goes != told) {
        told = goes;
        goes.countDown();
      }
      client.session().send(ApiSession.message(text));
      all.add(text);
    }
    return all;
  }

  private void killWithinAnAppend() throws Exception {
    victim.awaitBack();
    CountDownLatch goes = new CountDownLatch(CLIENTS);
    next = goes;
    assertThat(goes.await(60, TimeUnit.SECONDS)).as("every client is answered again").isTrue();
    // The moment is part of the dice: nothing is waited for.
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(WINDOW_MICROS)));
    victim.kill();
  }

  private static void judge(Client client, List<String> sent) {
    try (StreamFollower follower = client.follower()) {
      client.session().work().awaitRest();
      client.session().work().awaitNoPods();
      assertThatEvidence(Evidence.of(client.session().work(), Persona.LISTENER, client.first()))
          .hasAnUnbrokenLog()
          .eachWakeHasAPodOfItsOwn()
          .heardFromClients(sent.toArray(String[]::new))
          .restsInAgreement();
      Promises.assertKept(client.session(), follower);
    }
  }
}
