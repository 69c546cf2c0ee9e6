package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.SpanEvent;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The command line with a kubeconfig that holds only a client certificate, and a server that runs
 * as a pod with a certificate of its own making: nothing between them but the Kubernetes API.
 */
@ExtendWith(SharedCluster.class)
@Order(6)
class ConnectIT {

  private static final String NAMESPACE = "connect";

  private static final String SERVER =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: %1$s
        namespace: rouse-system
        labels: {app.kubernetes.io/name: rouse, app.kubernetes.io/component: server}
      spec:
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 5
        containers:
        - name: server
          image: rouse.dev/brain:dev
          command: ["%2$s", -Xmx192m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -cp, "%3$s", dev.rouse.server.Main]
          env:
          - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          - {name: ROUSE_LISTEN, value: "$(POD_IP):8443"}
          - {name: KUBECONFIG, value: "%4$s"}
          ports: [{name: https, containerPort: 8443}]
          readinessProbe: {httpGet: {scheme: HTTPS, path: /readyz, port: 8443}, periodSeconds: 1}
      """;

  private static final String SESSION =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: talk}
      spec:
        agentRef: {name: worker}
        environmentRef: {name: default}
        messages:
          - {id: first, text: "one at a time"}
      """;

  /** An agent with a tool of the person's own, which asks before it runs a command. */
  private static final String ERRAND =
      """
      apiVersion: rouse.dev/v1alpha1
      kind: Environment
      metadata: {name: errands}
      spec:
        image: rouse.dev/hands:dev
        workspace: {size: 10Mi}
        linger: PT1S
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Agent
      metadata: {name: errand}
      spec:
        model: {id: scripted-errand}
        tools:
          - type: agent_toolset_20260401
            configs: [{name: bash, permissionPolicy: {type: always_ask}}]
          - type: custom
            name: get_weather
            description: The weather in a city, as the person knows it.
            inputSchema: {type: object, properties: {city: {type: string}}, required: [city]}
      ---
      apiVersion: rouse.dev/v1alpha1
      kind: Session
      metadata: {name: errand}
      spec:
        agentRef: {name: errand}
        environmentRef: {name: errands}
      """;

  private final Cluster cluster;
  private final Namespace namespace;
  private final RouseCommand rouse;

  ConnectIT(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace(NAMESPACE);
    this.rouse = RouseCommand.of(cluster);
  }

  @BeforeEach
  void startServer() {
    start("server-1");
  }

  @AfterEach
  void stopServers() {
    var servers =
        cluster
            .client()
            .pods()
            .inNamespace(Rouse.RELEASE_NAMESPACE)
            .withLabel("app.kubernetes.io/component", "server");
    servers.delete();
    await("the server pods are gone")
        .atMost(Duration.ofMinutes(1))
        .until(() -> servers.list().getItems().isEmpty());
  }

  private void start(String name) {
    String target = cluster.root().resolve("operator/server/target").toString();
    cluster.apply(
        SERVER.formatted(
            name,
            ProcessHandle.current().info().command().orElseThrow(),
            target + "/rouse-server-0.1.0-SNAPSHOT.jar:" + target + "/lib/*",
            cluster.serverKubeconfig()));
    await("server pod " + name + " is ready")
        .atMost(Duration.ofMinutes(1))
        .until(() -> isReady(name));
  }

  private boolean isReady(String name) {
    Pod pod = cluster.client().pods().inNamespace(Rouse.RELEASE_NAMESPACE).withName(name).get();
    return pod != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  @Test
  void aClientCertificateIsEnoughToWatchAndAKeyIsMadeWithIt() throws Exception {
    // Given
    assertThat(Files.readString(rouse.kubeconfig()))
        .contains("client-certificate-data")
        .doesNotContain("token:");
    namespace.apply(SESSION);
    namespace.existing("talk").awaitAnswer("Both pieces are done: one at a time");

    // When
    String list = rouse.run(Map.of(), "ls", "-n", NAMESPACE).out();
    String key =
        rouse.run(Map.of(), "key", "create", "--as-sa", NAMESPACE + "/reader").out().strip();
    String byToken =
        rouse
            .run(
                Map.of(),
                "watch",
                "talk",
                "--until-idle",
                "-n",
                NAMESPACE,
                "--as-sa",
                "reader",
                "-o",
                "json")
            .out();
    String byKey =
        rouse
            .run(
                Map.of("ROUSE_TOKEN", key),
                "watch",
                "talk",
                "--until-idle",
                "-n",
                NAMESPACE,
                "-o",
                "json")
            .out();

    // Then
    assertThat(list).contains("talk", "worker", "Idle");
    assertThat(key).startsWith("rouse_");
    assertThat(byToken).contains("agent.message", "Both pieces are done").isEqualTo(byKey);
    assertThat(rouse.run(Map.of(), "key", "list").out())
        .contains(NAMESPACE + "/reader")
        .doesNotContain(key);
  }

  /** What the pages for curl and the SDKs do, by kubectl and its plugin alone. */
  @Test
  void aClientCertificateIsEnoughForAWholeConversation() {
    // Given
    namespace.apply(ERRAND);
    WorkSession session = namespace.existing("errand");

    // When
    String said = talk("send", "errand", "Say hello", "--watch");
    String asked = talk("send", "errand", "What is the weather in Oslo?", "--watch");
    talk("answer", "errand", "snow, -4 degrees");
    String answered = watch();
    talk("send", "errand", "Work", "--watch");
    session.awaitNoPods();
    talk("deny", "errand", "--message", "not on a Sunday");
    String denied = watch();
    List<String> workedBefore = session.lines("works.log");
    talk("send", "errand", "Work", "--watch");
    String waiting = rouse.run(Map.of(), "ls", "-n", NAMESPACE).out();
    talk("approve", "errand");
    String approved = watch();
    talk("send", "errand", "Tell me a story");
    awaitModel(session);
    talk("interrupt", "errand");
    String interrupted = watch();
    String after = talk("send", "errand", "Say thanks", "--watch");
    edit("{\"spec\":{\"title\":\"Errands\",\"metadata\":{\"team\":\"a\"}}}");
    edit("{\"spec\":{\"archived\":true}}");
    awaitPhase("Terminated");
    RouseCommand.Result late =
        rouse.tryRun(Map.of(), "send", "errand", "Say more", "-n", NAMESPACE, "--as-sa", "app");
    cluster.kubectl().run("delete", "sessions.rouse.dev", "errand", "-n", NAMESPACE);

    // Then
    assertThat(said).contains("You asked me to say: hello");
    assertThat(asked).contains("get_weather", "Oslo", "requires_action");
    assertThat(answered).contains("The weather: snow, -4 degrees", "end_turn");
    assertThat(workedBefore).isEmpty();
    assertThat(denied).contains("It was not done", "not on a Sunday");
    assertThat(waiting).contains("1 answer: bash");
    assertThat(approved).contains("It says: work is done");
    assertThat(interrupted).contains("interrupt", "end_turn").doesNotContain("this was enough");
    assertThat(after).contains("You asked me to say: thanks");
    assertThat(late.exit()).isEqualTo(1);
    assertThat(late.err()).contains("has ended");
    assertThat(rouse.run(Map.of(), "ls", "-n", NAMESPACE).out()).doesNotContain("errand");
  }

  /** As the account that programs of the namespace use; its token is got by the certificate. */
  private String talk(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("-n", NAMESPACE, "--as-sa", "app"));
    return rouse.run(Map.of(), all.toArray(String[]::new)).out();
  }

  private String watch() {
    return talk("watch", "errand", "--until-idle");
  }

  private void edit(String change) {
    cluster
        .kubectl()
        .run(
            "patch", "sessions.rouse.dev", "errand", "-n", NAMESPACE, "--type=merge", "-p", change);
  }

  private void awaitPhase(String phase) {
    await("the session is " + phase)
        .atMost(WorkSession.PATIENCE)
        .until(() -> namespace.field("errand", "{.status.phase}").equals(phase));
  }

  /** Waits until the model is asked, so that there is something to stop. */
  private static void awaitModel(WorkSession session) {
    await("the model is asked")
        .atMost(WorkSession.PATIENCE)
        .until(() -> session.log().getLast().event() instanceof SpanEvent.ModelRequestStart);
  }

  @Test
  void aKeyThatNobodyMadeIsRefusedInTheServersOwnWords() {
    // Given
    namespace.apply(SESSION);

    // When
    RouseCommand.Result result =
        rouse.tryRun(
            Map.of("ROUSE_TOKEN", "rouse_" + "x".repeat(43)), "watch", "talk", "-n", NAMESPACE);

    // Then
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("401").contains("the API key is not valid");
  }

  @Test
  void withoutAServerPodTheErrorSaysWhereToLook() {
    // Given
    stopServers();
    namespace.apply(SESSION);

    // When
    RouseCommand.Result result =
        rouse.tryRun(Map.of(), "watch", "talk", "-n", NAMESPACE, "--as-sa", "reader");

    // Then
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("no server pod is ready in namespace rouse-system");
  }
}
