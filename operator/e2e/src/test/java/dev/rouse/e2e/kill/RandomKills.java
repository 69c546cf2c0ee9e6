package dev.rouse.e2e.kill;

import static dev.rouse.e2e.evidence.EvidenceAssert.assertThatEvidence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import java.util.List;
import java.util.stream.IntStream;

/** Many sessions work while the server, the operator and brains are killed in an order by lot. */
final class RandomKills {

  private static final int SESSIONS = 5;
  private static final int WHOLE_SESSIONS = 10;

  private RandomKills() {}

  static void run(Cluster cluster, Lot lot) throws InterruptedException {
    int count = lot.whole() ? WHOLE_SESSIONS : SESSIONS;
    Namespace namespace = cluster.namespace("random-kills");
    List<WorkSession> sessions =
        IntStream.range(0, count)
            .mapToObj(number -> namespace.work("chaos-" + number, message(number)))
            .toList();
    Killer killer = new Killer(cluster, sessions, lot.random());

    Thread killing = Thread.ofVirtual().start(killer);
    for (int number = 0; number < count; number++) {
      sessions.get(number).awaitAnswer("Both pieces are done: " + message(number));
    }
    List<String> killed = killer.stop();
    killing.join();

    System.out.println("random kills: " + killed);
    assertThat(killed).as("kills, else nothing was tried").isNotEmpty();
    for (int number = 0; number < count; number++) {
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
  }

  private static String message(int number) {
    return "chaos " + number;
  }
}
