package dev.rouse.controller;

import static dev.rouse.controller.fake.FakeCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.ModelProvider;
import dev.rouse.api.SessionStatus;
import dev.rouse.controller.fake.FakeCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The started operator in a namespace with everything that a session needs. */
abstract class OperatorScenario {

  static final String WORLD =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: coder}
      spec: {model: {id: fast}}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Environment
      metadata: {name: box}
      spec: {}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata: {name: vendor}
      spec:
        type: anthropic
        baseURL: https://api.example.org
        secretRef: {name: vendor, key: api-key}
        default: true
      """;

  static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: hello}
      spec:
        agentRef: {name: coder}
        environmentRef: {name: box}
      """;

  final FakeCluster cluster = new FakeCluster();

  @BeforeEach
  void world() {
    cluster.apply(WORLD);
    key();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  void running() {
    cluster.startOperator(Map.of());
    cluster.apply(SESSION);
    cluster.server("hello", "Running", 1, null);
    await("the brain is named", () -> assertThat(harness().pod()).isEqualTo(brain(1)));
  }

  /** The hands' pod ends before it is ready. */
  void failHands(int generation) {
    await("created", () -> assertThat(hands().pod()).isEqualTo(hands(generation)));
    cluster.exited(hands(generation), "hands", 128);
    await("gone", () -> assertThat(hands().failures()).isEqualTo(generation));
  }

  void key() {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("vendor")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("api-key", "c2VjcmV0")
                .build())
        .create();
  }

  SessionStatus.Harness harness() {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status).isNotNull();
    assertThat(status.harness()).isNotNull();
    return status.harness();
  }

  SessionStatus.Hands hands() {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status.hands()).isNotNull();
    return status.hands();
  }

  String condition(String type) {
    SessionStatus status = cluster.session("hello").getStatus();
    assertThat(status).isNotNull();
    return said(status.conditions(), type);
  }

  String provider(String name) {
    ModelProvider provider =
        cluster.client().resources(ModelProvider.class).inNamespace(NAMESPACE).withName(name).get();
    assertThat(provider.getStatus()).isNotNull();
    return said(provider.getStatus().conditions(), "Ready");
  }

  static String said(List<Condition> conditions, String type) {
    return conditions.stream()
        .filter(it -> it.getType().equals(type))
        .findFirst()
        .map(it -> it.getStatus() + " " + it.getReason())
        .orElse("");
  }

  List<String> workspaces() {
    return cluster
        .client()
        .persistentVolumeClaims()
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  String prefix() {
    return "hello-" + cluster.session("hello").getMetadata().getUid().substring(0, 8);
  }

  String brain(int number) {
    return prefix() + "-brain-" + number;
  }

  String hands(int generation) {
    return prefix() + "-hands-" + generation;
  }

  String uid(String pod) {
    return Stream.of(cluster.client().pods().inNamespace(NAMESPACE).withName(pod).get())
        .filter(Objects::nonNull)
        .map(it -> it.getMetadata().getUid())
        .findFirst()
        .orElse("no such pod");
  }

  static void await(String alias, ThrowingRunnable assertion) {
    Awaitility.await(alias)
        .atMost(60, TimeUnit.SECONDS)
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .untilAsserted(assertion);
  }
}
