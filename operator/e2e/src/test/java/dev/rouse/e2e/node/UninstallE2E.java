package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.bed.Figures;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.e2e.node.AtWork.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is left when Rouse is removed hangs nowhere. Nothing can run after it. */
@ExtendWith(SharedBed.class)
@Order(Integer.MAX_VALUE)
class UninstallE2E {

  private final Release release;

  UninstallE2E(Release release) {
    this.release = release;
  }

  @Test
  void aNamespaceWithSessionsCanBeDeletedWhenRouseIsGone(TestReporter reporter) throws Exception {
    // Given
    Team team = Team.create(release, "uninstall");
    AtWork running = AtWork.at(Moment.TOOL, team, "running", "default");
    PodSession idle = team.shell("idle", "default", "echo done");
    idle.awaitAnswer("It says: done");

    // When
    release.uninstall();
    long start = System.nanoTime();
    team.bed().kubectl().run("delete", "namespace", team.name(), "--wait=false");

    // Then
    await("the namespace is gone")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        .until(() -> team.client().namespaces().withName(team.name()).get() == null);
    Figures.publish(
        reporter,
        Figure.one(
            "helm uninstall, then a namespace with sessions is deleted",
            "s",
            (System.nanoTime() - start) / 1e9));
    assertThat(running.session().exists()).isFalse();
  }
}
