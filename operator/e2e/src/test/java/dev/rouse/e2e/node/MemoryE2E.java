package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Session;
import dev.rouse.e2e.bed.Figures;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.bench.Figure;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** What each part has in memory, in its container. */
@ExtendWith(SharedBed.class)
@Order(60)
class MemoryE2E {

  private static final int SAMPLES = 3;
  private static final int IDLE = 1_000;
  private static final double HANDS_MIB = 64;
  private static final double BRAIN_MIB = 128;
  private static final double OPERATOR_MIB = 250;

  private final Release release;

  MemoryE2E(Release release) {
    this.release = release;
  }

  @Test
  void brainAndHandsStayBelowTheirAims(TestReporter reporter) throws Exception {
    // Given
    Team team = Team.create(release, "memory");
    List<Double> brains = new ArrayList<>();
    List<Double> hands = new ArrayList<>();

    // When
    for (int number = 0; number < SAMPLES; number++) {
      AtWork work = AtWork.at(Moment.TOOL, team, "memory-" + number, "default");
      brains.add(work.session().brain().residentMiB());
      hands.add(work.session().hands().residentMiB());
      work.goOn();
      work.judge(SecondCall.DONE);
    }

    // Then
    Figures.publish(reporter, new Figure("brain: resident, a tool runs", "MiB", brains));
    Figures.publish(reporter, new Figure("hands: resident, a tool runs", "MiB", hands));
    assertThat(brains).allMatch(it -> it <= BRAIN_MIB);
    assertThat(hands).allMatch(it -> it <= HANDS_MIB);
  }

  @Test
  @Tag("full")
  void anOperatorStaysBelowItsAimBesideAThousandIdleSessions(TestReporter reporter)
      throws Exception {
    // Given
    Team team = Team.create(release, "many");
    Figures.publish(reporter, new Figure("operator: resident", "MiB", resident("operator")));
    Figures.publish(reporter, new Figure("server: resident", "MiB", resident("server")));

    // When
    make(team);
    await(IDLE + " sessions rest")
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(2))
        .until(() ->
            team
                    .client()
                    .resources(Session.class)
                    .inNamespace(team.name())
                    .list()
                    .getItems()
                    .stream()
                    .filter(it -> it.getStatus() != null && "Idle".equals(it.getStatus().phase()))
                    .count()
                == IDLE);

    // Then
    List<Double> operators = resident("operator");
    Figures.publish(
        reporter,
        new Figure(
            "operator: resident, beside %,d idle sessions".formatted(IDLE), "MiB", operators));
    Figures.publish(
        reporter,
        new Figure(
            "server: resident, beside %,d idle sessions".formatted(IDLE),
            "MiB",
            resident("server")));
    assertThat(operators).allMatch(it -> it <= OPERATOR_MIB);
    team.client().namespaces().withName(team.name()).delete();
    await("they are deleted")
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .until(() ->
            team.client()
                .resources(Session.class)
                .inNamespace(team.name())
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getItems()
                .isEmpty());
  }

  private static void make(Team team) {
    String template = Cluster.manifest("/bed/session.yaml").replaceFirst("(?s)  messages:.*", "");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      CompletableFuture.allOf(
              IntStream.range(0, IDLE)
                  .mapToObj(number ->
                      CompletableFuture.runAsync(
                          () ->
                              team.client()
                                  .load(
                                      new ByteArrayInputStream(
                                          template
                                              .formatted(
                                                  team.name(),
                                                  "idle-" + number,
                                                  "worker",
                                                  "default")
                                              .getBytes(StandardCharsets.UTF_8)))
                                  .create(),
                          threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  private List<Double> resident(String part) throws IOException, InterruptedException {
    List<Double> all = new ArrayList<>();
    for (PodContainer container : new ReleasePods(release, part).running()) {
      all.add(container.residentMiB());
    }
    return all;
  }
}
