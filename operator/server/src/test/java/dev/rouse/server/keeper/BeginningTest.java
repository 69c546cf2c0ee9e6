package dev.rouse.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.AgentSpec;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.version.AgentVersion;
import dev.rouse.server.FakeCluster;
import dev.rouse.server.keeper.Beginning.Answer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BeginningTest {

  private final FakeCluster cluster = new FakeCluster();
  private Versions versions = agent -> new AgentVersion(2, agent.getSpec());

  private Answer of(Session session) {
    return new Beginning(cluster, agent -> versions.ensure(agent), Folded.IDS).of(session);
  }

  @Test
  void anArchivedAgentTakesNoNewSession() {
    // Given
    cluster.withReferences();
    var archived = FakeCluster.agent("reviewer");
    AgentSpec spec = archived.getSpec();
    archived.setSpec(
        new AgentSpec(
            spec.displayName(),
            spec.description(),
            spec.model(),
            spec.system(),
            spec.tools(),
            spec.metadata(),
            true));
    cluster.put(archived);
    // When
    Answer answer = of(cluster.session("review"));
    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Missing.class, it -> assertThat(it.message()).contains("archived"));
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(of(cluster.session("review")))
        .isInstanceOfSatisfying(
            Answer.Missing.class,
            missing -> assertThat(missing.message()).contains("Environment sandbox"));
  }

  @Tag("contract-session-snapshot")
  @Test
  void pinsTheVersionThatIsStored() {
    // Given
    cluster.withReferences();
    // When
    Answer answer = of(cluster.session("review"));
    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Ready.class,
            ready -> {
              assertThat(ready.created().agent().version()).isEqualTo(2);
              assertThat(ready.created().title()).isEqualTo("A review");
              assertThat(ready.created().metadata()).containsEntry("team", "a");
              assertThat(ready.created().environment().path("name").asText()).isEqualTo("sandbox");
              assertThat(ready.created().environment().path("id").asText()).startsWith("env_");
            });
  }

  @Test
  void waitsWhenTheNewestVersionIsOfAnotherModelThanTheOneThatWasResolved() {
    // Given an agent that was changed between the two reads
    cluster.withReferences();
    var changed = FakeCluster.agent("reviewer");
    versions =
        agent ->
            new AgentVersion(
                3,
                new AgentSpec(
                    null,
                    null,
                    AgentSpec.Model.of("another"),
                    null,
                    List.of(),
                    changed.getSpec().metadata(),
                    null));
    // When
    Answer answer = of(cluster.session("review"));
    // Then
    assertThat(answer).isInstanceOf(Answer.Missing.class);
  }

  @Test
  void doesNotBeginASessionThatHasBegun() {
    // Given
    cluster.withReferences();
    Session session = cluster.session("review");
    session.setStatus(
        new SessionStatus(
            "Idle", null, 2, "main", null, null, List.of(), null, null, null, null, null,
            List.of()));
    // When
    Answer answer = of(session);
    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Lost.class, lost -> assertThat(lost.message()).contains("team-a/review"));
  }
}
