package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kills that touch what a model is told, over the chat protocol: what was cut off is asked
 * again, and the history that another brain sends is the one that the first would have sent.
 */
@ExtendWith(SharedCluster.class)
@Order(2)
class OtherProtocolIT {

  private final Cluster cluster;
  private final Namespace namespace;

  OtherProtocolIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace("kill-points-openai", "openai");
  }

  @ParameterizedTest
  @CsvSource({"MODEL_STREAM,BRAIN", "AFTER_TOOL_USE,BRAIN", "EXECUTION,HANDS"})
  void aSessionLosesNothingAndDoesNothingTwice(KillPoint point, Blow blow) throws Exception {
    // Given
    KillCase kill = new KillCase(point, blow, KillCase.Client.KUBECTL, "chat-");
    Voice voice = new Voice.Kubectl(namespace.work(kill.session(), kill.message()));
    KillRun run = KillRun.start(kill, voice);
    run.awaitReached();

    // When
    run.strike();

    // Then
    run.judge();
    assertThat(cluster.modelBooks().faults()).isEmpty();
  }
}
