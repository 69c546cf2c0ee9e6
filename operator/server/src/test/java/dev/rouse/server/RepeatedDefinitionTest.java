package dev.rouse.server;

import static dev.rouse.server.TwoServers.id;
import static dev.rouse.server.TwoServers.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.Rouse;
import dev.rouse.server.TestClient.Answer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents and environments that are asked for more than once with one key are made once. */
class RepeatedDefinitionTest {

  private static final String AGENTS = "/v1/agents";
  private static final String ENVIRONMENTS = "/v1/environments";
  private static final String AGENT = "{'name':'Made','model':'claude-test'}";
  private static final String ENVIRONMENT = "{'name':'made','config':{'type':'cloud'}}";

  private TwoServers servers;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    servers = new TwoServers();
    cluster = servers.cluster;
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private static Answer create(TestClient client, String path, String body) {
    return post(client, path, body, "Idempotency-Key", "k");
  }

  private List<Environment> environments() {
    return cluster.environmentSpecs.list(FakeCluster.NAMESPACE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {AGENTS + "|" + AGENT, ENVIRONMENTS + "|" + ENVIRONMENT})
  void theSameRequestIsAnsweredWithTheFirstObject(String path, String body) {
    // Given
    String first = id(create(servers.one, path, body));
    // When
    Answer again = create(servers.two, path, body);
    // Then
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(id(again)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {AGENTS + "|" + AGENT, ENVIRONMENTS + "|" + ENVIRONMENT})
  void aKeyStandsForOneRequest(String path, String body) {
    // Given
    create(servers.one, path, body);
    // When
    Answer other = create(servers.two, path, body.replaceAll("[Mm]ade", "other"));
    // Then
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.header("x-should-retry")).contains("false");
    assertThat(other.json().at("/error/message").asText()).contains("another request");
  }

  @ParameterizedTest
  @CsvSource({AGENTS, ENVIRONMENTS, TwoServers.SESSIONS})
  void whatIsNotJsonIsSaidToBeSo(String path) {
    // When
    Answer nothing = create(servers.one, path, "");
    Answer broken = create(servers.one, path, "{");
    Answer tooLong = post(servers.one, path, "{}", "Idempotency-Key", "k".repeat(257));
    // Then
    assertThat(nothing.status()).isEqualTo(400);
    assertThat(broken.status()).isEqualTo(400);
    assertThat(tooLong.status()).isEqualTo(400);
  }

  @Test
  void anAgentWhoseServerDiedBeforeItsVersionGetsItWhenAskedAgain() {
    // Given: the object is made, and the version is not
    cluster.agentSpecs.afterNextApply(() -> {
      throw new KubernetesClientException("died", 500, null);
    });
    Answer died = create(servers.one, AGENTS, AGENT);
    // When
    Answer again = create(servers.two, AGENTS, AGENT);
    // Then
    assertThat(died.status()).isEqualTo(503);
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(again.json().path("version").asInt()).isEqualTo(1);
    assertThat(cluster.agentSpecs.list(FakeCluster.NAMESPACE)).hasSize(1);
  }

  @Test
  void anAgentThatWasChangedSinceIsAnsweredAsItIsAndKeepsItsMark() {
    // Given
    String first = id(create(servers.one, AGENTS, AGENT));
    post(servers.one, AGENTS + "/" + first, "{'description':'changed'}");
    // When
    Answer again = create(servers.one, AGENTS, AGENT);
    // Then
    assertThat(id(again)).isEqualTo(first);
    assertThat(again.json().path("description").asText()).isEqualTo("changed");
    assertThat(again.json().path("version").asInt()).isEqualTo(2);
  }

  @Test
  void anEnvironmentWhoseServerDiedBeforeItsNameWasSureIsSettledWhenAskedAgain() {
    // Given
    cluster.environmentSpecs.afterNextApply(() -> {
      throw new KubernetesClientException("died", 500, null);
    });
    Answer died = create(servers.one, ENVIRONMENTS, ENVIRONMENT);
    boolean marked =
        environments()
            .getFirst()
            .getMetadata()
            .getAnnotations()
            .containsKey(Rouse.CREATING_ANNOTATION);
    // When
    Answer again = create(servers.two, ENVIRONMENTS, ENVIRONMENT);
    // Then
    assertThat(died.status()).isEqualTo(503);
    assertThat(marked).isTrue();
    assertThat(again.status()).as(again.response().body()).isEqualTo(200);
    assertThat(environments())
        .singleElement()
        .satisfies(it ->
            assertThat(it.getMetadata().getAnnotations())
                .containsOnlyKeys(Rouse.REQUEST_ANNOTATION));
  }

  @Test
  void anEnvironmentWhoseNameWasTakenMeanwhileIsTakenBack() {
    // Given
    cluster.environmentSpecs.afterNextApply(() ->
        cluster.environmentSpecs.create(
            FakeCluster.NAMESPACE, "rival", "{displayName: made, ephemeral: true}"));
    // When
    Answer refused = create(servers.one, ENVIRONMENTS, ENVIRONMENT);
    // Then
    assertThat(refused.status()).isEqualTo(409);
    assertThat(environments())
        .extracting(it -> it.getMetadata().getName())
        .containsExactly("rival");
  }

  @Test
  void anEnvironmentThatAnotherAnswerMadeSureOfIsNotTakenBack() {
    // Given: the same request is answered elsewhere before the first has looked at the name, and
    // only then somebody takes it, too
    List<Answer> elsewhere = new ArrayList<>();
    cluster.environmentSpecs.afterNextApply(() -> {
      elsewhere.add(create(servers.two, ENVIRONMENTS, ENVIRONMENT));
      cluster.environmentSpecs.create(
          FakeCluster.NAMESPACE, "rival", "{displayName: made, ephemeral: true}");
    });
    // When
    Answer first = create(servers.one, ENVIRONMENTS, ENVIRONMENT);
    // Then
    assertThat(elsewhere).extracting(Answer::status).containsExactly(200);
    assertThat(first.status()).as(first.response().body()).isEqualTo(200);
    assertThat(elsewhere).extracting(TwoServers::id).containsExactly(id(first));
    assertThat(environments()).hasSize(2);
  }

  @RepeatedTest(5)
  void allAtOnceGetOneEnvironment() throws Exception {
    // Given
    List<Future<Answer>> asked = new ArrayList<>();
    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        asked.add(threads.submit(() -> create(servers.one, ENVIRONMENTS, ENVIRONMENT)));
        asked.add(threads.submit(() -> create(servers.two, ENVIRONMENTS, ENVIRONMENT)));
      }
    }
    // Then
    Set<String> ids = new HashSet<>();
    for (Future<Answer> answer : asked) {
      assertThat(answer.get().status()).as(answer.get().response().body()).isEqualTo(200);
      ids.add(id(answer.get()));
    }
    assertThat(ids).hasSize(1);
    assertThat(environments()).hasSize(1);
  }
}
