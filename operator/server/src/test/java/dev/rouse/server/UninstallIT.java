package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.server.release.Uninstall;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last job of a release on a real API server, with the rights that the chart gives it. */
class UninstallIT {

  private static RealCluster cluster;
  private static KubernetesClient client;

  private String team;

  @BeforeAll
  static void start() throws IOException {
    cluster = RealCluster.start();
    client = cluster.granted("rouse-uninstall", "hooks/uninstall-role.yaml");
    await("the role is in force")
        .ignoreException(KubernetesClientException.class)
        .until(() -> client.pods().inAnyNamespace().list() != null);
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
  }

  @BeforeEach
  void namespace() {
    team = cluster.team();
  }

  private Session held(String name, String... finalizers) {
    cluster.session(team, name);
    return cluster
        .admin()
        .resources(Session.class)
        .inNamespace(team)
        .withName(name)
        .edit(it -> {
          it.getMetadata().setFinalizers(List.of(finalizers));
          return it;
        });
  }

  private Pod brain(String name, Session owner) {
    return cluster
        .admin()
        .resource(
            new PodBuilder(cluster.pod(team, name))
                .editMetadata()
                .addToLabels(Rouse.SESSION_LABEL, owner.getMetadata().getUid())
                .addNewOwnerReference()
                .withApiVersion(Rouse.API_VERSION)
                .withKind("Session")
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build())
        .update();
  }

  @Test
  void sessionsStayAndWaitForNobody() {
    // Given
    held("in-a-database", "example.com/theirs", Rouse.LOG_FINALIZER);
    held("in-config-maps");
    // When
    String done = Uninstall.of(client, Map.of("ROUSE_WATCH_NAMESPACES", team)).run();
    // Then
    assertThat(done).contains("sessions let go: 1");
    assertThat(cluster.get(team, "in-a-database").getMetadata().getFinalizers())
        .containsExactly("example.com/theirs");
    assertThat(cluster.get(team, "in-config-maps")).isNotNull();
  }

  @Test
  void aSessionThatIsBeingDeletedGoes() {
    // Given
    Session leaving = held("leaving", Rouse.LOG_FINALIZER);
    cluster.admin().resource(leaving).delete();
    // When
    new Uninstall(client, List.of()).run();
    // Then
    assertThat(cluster.get(team, "leaving")).isNull();
  }

  @Test
  void podsOfSessionsEndAndNoOthers() {
    // Given
    Session session = held("review");
    brain("review-brain-1", session);
    Pod labelled = cluster.pod(team, "somebody-elses");
    labelled.getMetadata().setLabels(Map.of(Rouse.SESSION_LABEL, "a-claim"));
    cluster.admin().resource(labelled).update();
    // When
    new Uninstall(client, List.of(team)).run();
    // Then
    assertThat(cluster.admin().pods().inNamespace(team).list().getItems())
        .filteredOn(it -> it.getMetadata().getDeletionTimestamp() == null)
        .extracting(it -> it.getMetadata().getName())
        .containsExactly("somebody-elses");
  }

  @Test
  void otherNamespacesAreLeftAlone() {
    // Given
    held("here", Rouse.LOG_FINALIZER);
    // When
    new Uninstall(client, List.of("default")).run();
    // Then
    assertThat(cluster.get(team, "here").getMetadata().getFinalizers())
        .containsExactly(Rouse.LOG_FINALIZER);
  }
}
