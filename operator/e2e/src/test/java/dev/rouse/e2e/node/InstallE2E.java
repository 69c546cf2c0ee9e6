package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.Figures;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person does first: install with the defaults, apply an example, upgrade. */
@ExtendWith(SharedBed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
class InstallE2E {

  private final Bed bed;

  InstallE2E(Bed bed) {
    this.bed = bed;
  }

  @Test
  @Order(1)
  void theFirstExampleAnswersAfterAnInstallationWithDefaults(TestReporter reporter)
      throws Exception {
    // Given
    long start = System.nanoTime();
    Release release = Release.install(bed);
    Figures.publish(reporter, Figure.one("helm install --wait", "s", seconds(start)));
    bed.applyYaml(Cluster.manifest("/bed/example-provider.yaml").formatted(bed.model().url()));

    // When
    long applied = System.nanoTime();
    bed.kubectl()
        .run("apply", "-n", "default", "-f", bed.root() + "/examples/01-first-session.yaml");

    // Then
    PodSession hello = new Team(release, "default").existing("hello");
    hello.awaitAnswer("My tools run on Linux");
    Figures.publish(
        reporter, Figure.one("kubectl apply of examples/01 → answer", "s", seconds(applied)));
    hello.awaitNoPods();
  }

  @Test
  @Order(2)
  void anUpgradeKeepsASessionThatRuns(TestReporter reporter) throws Exception {
    // Given
    Release release = Release.in(bed);
    Team team = Team.create(release, "upgrade");
    AtWork work = AtWork.at(Moment.TOOL, team, "upgraded", "default");
    PodContainer brain = work.session().brain();

    // When
    long start = System.nanoTime();
    release.upgrade("operator.podAnnotations.again=yes", "server.podAnnotations.again=yes");
    Figures.publish(reporter, Figure.one("helm upgrade --wait, all pods", "s", seconds(start)));

    // Then
    assertThat(new ReleasePods(release, "server").all())
        .filteredOn(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .isNotEmpty()
        .allSatisfy(
            pod -> assertThat(pod.getMetadata().getAnnotations()).containsEntry("again", "yes"));
    assertThat(brain.runs()).as("the brain of before the upgrade").isTrue();
    work.tellMore();
    work.goOn();
    work.judge(SecondCall.DONE).woke(1, 2);
    assertThat(Objects.requireNonNull(work.session().status()).phase()).isEqualTo("Idle");
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
