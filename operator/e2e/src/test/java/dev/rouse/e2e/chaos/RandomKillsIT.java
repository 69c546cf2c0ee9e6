package dev.rouse.e2e.chaos;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedCluster.class)
@Order(2)
class RandomKillsIT {

  private static final int SESSIONS = 10;

  /** {@code -Drouse.seed} repeats the dice of an earlier run; the programs' timing is their own. */
  private final long seed =
      Long.getLong("rouse.seed", ThreadLocalRandom.current().nextLong(1_000_000));

  @Test
  void tenSessionsFinishWhileServerOperatorAndBrainsAreKilledAtRandom(Cluster cluster)
      throws InterruptedException {
    // Given
    System.out.println("random kills: repeat with -Drouse.seed=" + seed);
    Namespace namespace = cluster.namespace("random-kills");
    List<WorkSession> sessions =
        IntStream.range(0, SESSIONS)
            .mapToObj(number -> namespace.work("chaos-" + number, message(number)))
            .toList();
    Killer killer = new Killer(cluster, sessions, new Random(seed));

    // When
    Thread killing = Thread.ofVirtual().start(killer);
    for (int number = 0; number < SESSIONS; number++) {
      sessions.get(number).awaitAnswer("Both pieces are done: " + message(number));
    }
    List<String> killed = killer.stop();
    killing.join();

    // Then
    System.out.println("random kills: " + killed);
    assertThat(killed).as("kills, else nothing was tried").isNotEmpty();
    for (int number = 0; number < SESSIONS; number++) {
      WorkSession session = sessions.get(number);
      session.awaitNoPods();
      assertThatEvidence(Evidence.of(session, message(number)))
          .hasAnUnbrokenLog()
          .eachWakeHasAPodOfItsOwn()
          .heard(message(number))
          .everyToolUseHasOneResult()
          .executed("first", "second")
          .executionsAreThoseOfTheLog()
          .saysUnknown(0)
          .answeredOnce("Both pieces are done: " + message(number))
          .modelPlayedInOrder(List.of("first", "second", "answer"))
          .restsInAgreement();
    }
    assertThat(cluster.modelBooks().faults()).isEmpty();
  }

  private static String message(int number) {
    return "chaos " + number;
  }
}
