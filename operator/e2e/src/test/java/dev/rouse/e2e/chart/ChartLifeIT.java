package dev.rouse.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.cluster.WorkSession;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One life of a release on a real API server: from an older one to its end, and what it leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(7)
class ChartLifeIT {

  private static final String TEAM = "team-a";

  /** Kinds of other projects, which a bare cluster does not know. */
  private static final Set<String> FOREIGN = Set.of("Certificate", "ServiceMonitor");

  private static final String STORE = "store.type=\"sqlite\"";

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: model-key}
      stringData: {api-key: none}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: ModelProvider
      metadata: {name: main}
      spec:
        type: anthropic
        baseURL: http://127.0.0.1:1
        secretRef: {name: model-key, key: api-key}
        default: true
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Environment
      metadata: {name: default}
      spec: {ephemeral: true}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: greeter}
      spec:
        model: {id: some-model}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: hello}
      spec:
        agentRef: {name: greeter}
        environmentRef: {name: default}
        title: Older than the upgrade
        messages: [{id: first, text: Hello}]
      """;

  private Installation installation;
  private Session before;

  @BeforeAll
  void start() throws Exception {
    installation = Installation.start();
    for (String name : List.of(Installation.NAMESPACE, TEAM)) {
      installation.kubectl().run("create", "namespace", name);
    }
    installation
        .kubectl()
        .run(
            "label",
            "namespace",
            Installation.NAMESPACE,
            "pod-security.kubernetes.io/enforce=restricted",
            "pod-security.kubernetes.io/warn=restricted");
  }

  @AfterAll
  void stop() {
    if (installation != null) {
      installation.close();
    }
  }

  @Test
  @Order(1)
  void the_api_server_takes_everything_strictly_and_finds_every_pod_restricted()
      throws IOException {
    for (ChartShapeTest.Case each : ChartShapeTest.cases().toList()) {
      // Given
      List<JsonNode> objects =
          each.rendered().objects().stream()
              .filter(it -> !FOREIGN.contains(it.path("kind").asText()))
              .toList();

      // When
      Kubectl.Result taken =
          installation
              .kubectl()
              .tryRun(
                  list(objects),
                  "apply",
                  "--server-side",
                  "--dry-run=server",
                  "--validate=strict",
                  "-f",
                  "-");

      // Then
      assertThat(taken.exit()).as("%s: %s", each, taken.output()).isZero();
      assertThat(taken.output()).doesNotContain("Warning");
    }
  }

  private static String list(List<JsonNode> objects) {
    return Rendered.YAML
        .createObjectNode()
        .put("apiVersion", "v1")
        .put("kind", "List")
        .set("items", Rendered.YAML.valueToTree(objects))
        .toString();
  }

  @Test
  @Order(2)
  void an_older_release_is_installed() throws IOException {
    // Given
    Path chart = installation.copyOfTheChart();
    Files.copy(
        Helm.ROOT.resolve("operator/e2e/src/test/resources/upgrade/sessions.rouse.dev.yaml"),
        chart.resolve("files/crds/sessions.rouse.dev.yaml"),
        StandardCopyOption.REPLACE_EXISTING);

    // When
    installation
        .helm()
        .succeed("install", Helm.RELEASE, chart.toString(), "-n", Installation.NAMESPACE);
    installation.kubectl().apply(OBJECTS, "-n", TEAM);

    // Then
    before = session();
    assertThat(knowsForks()).isFalse();
  }

  @Test
  @Order(3)
  void an_upgrade_renews_the_kinds_and_keeps_the_objects() {
    // When
    upgrade(STORE);

    // Then
    await("the new kinds are served").atMost(Duration.ofSeconds(30)).until(this::knowsForks);
    assertThat(session().getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(session().getSpec()).isEqualTo(before.getSpec());
  }

  @Test
  @Order(4)
  void both_programs_work_with_the_rights_of_the_release() throws Exception {
    // When
    URI server = installation.startPrograms(installation.helm().render(STORE));

    // Then
    await("the session that is older has begun and has a brain's pod")
        .atMost(WorkSession.PATIENCE)
        .untilAsserted(() -> {
          assertThat(session().getStatus().phase()).isEqualTo("Running");
          assertThat(pods()).hasSize(1);
        });
    assertThat(session().getMetadata().getFinalizers()).containsExactly(Rouse.LOG_FINALIZER);
    assertThat(
            installation.runOnce(
                "check",
                "default",
                Map.of(
                    "ROUSE_SERVER_URL", server.toString(),
                    "ROUSE_CA_FILE", installation.caFile().toString(),
                    "ROUSE_TOKEN_FILE", installation.tokenFile("default").toString())))
        .isZero();
  }

  @Test
  @Order(5)
  void for_some_namespaces_roles_there_are_enough() throws Exception {
    // Given
    String only = "watchNamespaces=[\"%s\"]".formatted(TEAM);
    installation.stopPrograms();
    upgrade(STORE, only);

    // When
    installation.startPrograms(installation.helm().render(STORE, only));
    installation.kubectl().run("delete", "pods", "--all", "-n", TEAM);

    // Then
    await("there is another brain's pod")
        .atMost(WorkSession.PATIENCE)
        .untilAsserted(() -> assertThat(pods()).hasSize(1));
    assertThat(installation.kubectl().tryRun("", listing(TEAM)).exit()).isZero();
    assertThat(installation.kubectl().tryRun("", listing("default")).output())
        .contains("cannot list resource");
  }

  private static String[] listing(String namespace) {
    return new String[] {
      "get",
      "sessions.rouse.dev",
      "-n",
      namespace,
      "--as=system:serviceaccount:rouse-system:rouse-server"
    };
  }

  private void upgrade(String... values) {
    List<String> arguments =
        new ArrayList<>(List.of("upgrade", Helm.RELEASE, installation.helm().chart().toString()));
    arguments.addAll(List.of("-n", Installation.NAMESPACE));
    Stream.of(values).map(it -> "--set-json=" + it).forEach(arguments::add);
    installation.helm().succeed(arguments.toArray(String[]::new));
  }

  @Test
  @Order(6)
  void when_the_release_is_gone_sessions_are_there_and_nothing_waits_for_it() throws Exception {
    // Given: without nodes the hook's job would not run; its program does, with the hook's rights
    installation
        .helm()
        .succeed("uninstall", Helm.RELEASE, "-n", Installation.NAMESPACE, "--no-hooks");
    installation
        .kubectl()
        .apply(
            installation
                .helm()
                .succeed(
                    "template",
                    Helm.RELEASE,
                    installation.helm().chart().toString(),
                    "-n",
                    Installation.NAMESPACE,
                    "--show-only=templates/uninstall.yaml"));

    // When
    int exit = installation.runOnce("uninstall", "rouse-uninstall", Map.of());

    // Then
    assertThat(exit).isZero();
    assertThat(session().getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(session().getMetadata().getFinalizers()).isEmpty();
    assertThat(pods()).isEmpty();
    assertThat(installation.client().apps().deployments().inAnyNamespace().list().getItems())
        .isEmpty();
  }

  @Test
  @Order(7)
  void a_namespace_with_sessions_is_deleted_within_a_minute() {
    // When
    installation.kubectl().run("delete", "namespace", TEAM, "--wait=false");

    // Then
    await("the namespace is gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> installation.client().namespaces().withName(TEAM).get() == null);
  }

  private Session session() {
    return installation
        .client()
        .resources(Session.class)
        .inNamespace(TEAM)
        .withName("hello")
        .require();
  }

  private List<Pod> pods() {
    return installation.client().pods().inNamespace(TEAM).list().getItems();
  }

  private boolean knowsForks() {
    return installation
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("sessions.rouse.dev")
        .require()
        .getSpec()
        .getVersions()
        .getFirst()
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .containsKey("forkFrom");
  }
}
