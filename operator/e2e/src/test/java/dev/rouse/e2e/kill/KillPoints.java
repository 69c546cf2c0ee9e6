package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Store;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Kills everything that can die, at every point of a turn and of the server's own work, over one
 * store. The brains, hands, server and operator are the shipped programs; they are stopped at the
 * points by what stands between them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class KillPoints {

  private final Cluster cluster;
  private final Lot lot;
  private final Verdicts verdicts;
  private final Campaign campaign;

  KillPoints(Cluster cluster) {
    Store store = cluster.store();
    this.cluster = cluster;
    this.lot = Lot.ofThisRun();
    this.verdicts = new Verdicts(store.name(), lot);
    this.campaign =
        new Campaign(cluster, verdicts, KillCase.of(store, lot), DutyCase.of(store, lot));
    System.out.println("kill points, " + store.name() + ": repeat with " + lot);
  }

  final Cluster cluster() {
    return cluster;
  }

  @BeforeAll
  void start() {
    campaign.start();
  }

  @AfterAll
  void end() throws Exception {
    verdicts.write();
    campaign.close();
  }

  @Tag("failure-1")
  @Tag("failure-4")
  @TestFactory
  @Order(1)
  Stream<DynamicTest> aSessionLosesNothingAndDoesNothingTwice() {
    return campaign.tests();
  }

  @Test
  @Order(2)
  void whatWasAcknowledgedIsThereOnceWhereverInItsAppendTheServerIsKilled() throws Exception {
    // Given
    campaign.awaitEnd();

    // When, Then
    killInAppends("append-kills", Blow.SERVER.toString(), server());
  }

  /** The same for any who is killed. */
  final void killInAppends(String namespace, String component, AppendKills.Victim victim)
      throws Exception {
    AppendKills kills = new AppendKills(cluster, lot, namespace, victim);
    noting("somewhere in an append", component, kills::run);
  }

  private AppendKills.Victim server() {
    return new AppendKills.Victim() {
      @Override
      public void kill() throws InterruptedException {
        cluster.kill("server");
      }

      @Override
      public void awaitBack() throws IOException {
        cluster.awaitServer();
      }
    };
  }

  @Test
  @Order(4)
  void sessionsFinishWhileServerOperatorAndBrainsAreKilledAtRandom() throws Exception {
    // Given
    campaign.awaitEnd();

    // When, Then
    noting("anywhere", "server, operator and brains, by lot", () -> RandomKills.run(cluster, lot));
  }

  @Tag("failure-7")
  @Test
  @Order(5)
  void theModelSawNoRequestThatAStrictProviderWouldRefuse() throws Exception {
    // Given
    campaign.awaitEnd();

    // When
    List<String> faults = cluster.modelBooks().faults();

    // Then
    assertThat(faults).isEmpty();
  }

  @FunctionalInterface
  private interface Trying {
    void run() throws Exception;
  }

  // A failed assertion is an Error, and belongs into the table as any other failure.
  @SuppressWarnings("CatchThrowable")
  private void noting(String point, String component, Trying trying) throws Exception {
    try {
      trying.run();
      verdicts.note(point, component, null);
    } catch (Throwable failure) {
      verdicts.note(point, component, failure);
      throw failure;
    }
  }
}
