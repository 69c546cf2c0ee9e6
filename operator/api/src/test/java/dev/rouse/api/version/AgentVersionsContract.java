package dev.rouse.api.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.api.Agent;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for agent versions over any API server. */
abstract class AgentVersionsContract {

  static final int CALLERS = 50;

  abstract KubernetesClient client();

  /** How many write different content at once; every one of them may lose to every other. */
  abstract int writers();

  /** Of this test alone. */
  abstract String namespace();

  private Agent agent(String name, String system) {
    return Agents.agent(name, namespace(), system, 1);
  }

  @Test
  void aVersionIsReadBackAsItWas() {
    // Given
    Agent agent = agent("read-back", "A");
    // When
    AgentVersion version = AgentVersions.ensure(client(), agent);
    // Then
    assertThat(version).isEqualTo(new AgentVersion(1, agent.getSpec()));
    assertThat(AgentVersions.read(client(), agent, 1)).contains(agent.getSpec());
    assertThat(AgentVersions.read(client(), agent, 2)).isEmpty();
  }

  @Test
  void backAndForthIsThree() {
    // Given
    Agent agent = agent("back", "A");
    AgentVersions.ensure(client(), agent);
    Agents.change(agent, "B");
    AgentVersions.ensure(client(), agent);
    Agents.change(agent, "A");
    // When
    AgentVersion version = AgentVersions.ensure(client(), agent);
    // Then
    assertThat(version.number()).isEqualTo(3);
  }

  @Test
  void aNumberIsNotGivenAgainWhenItsObjectIsRemoved() {
    // Given
    Agent agent = agent("removed", "A");
    AgentVersions.ensure(client(), agent);
    Agents.status(agent, 1);
    revisions(agent).forEach(it -> client().resource(it).delete());
    // When
    AgentVersion version = AgentVersions.ensure(client(), agent);
    // Then
    assertThat(version.number()).isEqualTo(2);
  }

  @Test
  void manyAtOnceWithTheSameContentMakeOne() throws Exception {
    // Given
    Agent agent = agent("same", "A");
    // When
    List<AgentVersion> versions = atOnce(IntStream.range(0, CALLERS).mapToObj(_ -> agent).toList());
    // Then
    assertThat(versions).containsOnly(new AgentVersion(1, agent.getSpec()));
    assertThat(revisions(agent)).hasSize(1);
  }

  @Test
  void manyAtOnceWithDifferentContentLoseNone() throws Exception {
    // Given the same object as many writers of one generation see it
    Agent agent = agent("different", "A");
    List<Agent> seen =
        IntStream.range(0, writers())
            .mapToObj(i -> {
              Agent copy = Agents.agent("different", namespace(), "content " + i, 1);
              copy.getMetadata().setUid(agent.getMetadata().getUid());
              return copy;
            })
            .toList();
    // When
    List<AgentVersion> versions = atOnce(seen);
    // Then
    assertThat(versions)
        .extracting(AgentVersion::number)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, writers()).boxed().toList());
    assertThat(revisions(agent))
        .extracting(it -> it.getData().toString())
        .doesNotHaveDuplicates()
        .hasSize(writers());
  }

  @Test
  void anotherAgentsRemainsAreNotOurs() {
    // Given a deleted agent whose version was not collected yet
    AgentVersions.ensure(client(), agent("reborn", "A"));
    Agent reborn = agent("reborn", "A");
    // When
    // Then
    assertThatThrownBy(() -> AgentVersions.ensure(client(), reborn))
        .isInstanceOf(VersionNameTakenException.class)
        .hasMessageContaining("reborn-v1");
    assertThat(AgentVersions.read(client(), reborn, 1)).isEmpty();
  }

  @Test
  void aVersionWhoseLabelWasTakenOffDoesNotHoldUpTheNext() {
    // Given
    Agent agent = agent("unlabelled", "A");
    AgentVersions.ensure(client(), agent);
    revisions(agent)
        .forEach(it ->
            client()
                .resource(it)
                .edit(r -> {
                  r.getMetadata().getLabels().remove(AgentVersions.AGENT_LABEL);
                  return r;
                }));
    // When
    AgentVersion version = AgentVersions.ensure(client(), agent);
    // Then
    assertThat(version.number()).isEqualTo(2);
  }

  private List<ControllerRevision> revisions(Agent agent) {
    return client()
        .apps()
        .controllerRevisions()
        .inNamespace(namespace())
        .withLabel(AgentVersions.AGENT_LABEL, agent.getMetadata().getUid())
        .list()
        .getItems();
  }

  private List<AgentVersion> atOnce(List<Agent> agents) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<AgentVersion>> futures = new ArrayList<>();
      agents.forEach(
          agent -> futures.add(threads.submit(() -> AgentVersions.ensure(client(), agent))));
      List<AgentVersion> versions = new ArrayList<>();
      for (Future<AgentVersion> future : futures) {
        versions.add(future.get());
      }
      return versions;
    }
  }
}
