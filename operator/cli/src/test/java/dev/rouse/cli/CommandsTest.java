package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands, against objects in a mock API server and events over real HTTP. */
@EnableKubernetesMockClient(crud = true, https = false)
@Timeout(60)
class CommandsTest {

  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private KubernetesMockServer kubernetes;
  private KubernetesClient client;
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private StandInServer server;

  @BeforeEach
  void start() throws Exception {
    Session session =
        Serialization.unmarshal(
            """
            apiVersion: rouse.dev/v1alpha1
            kind: Session
            metadata: {name: fix, namespace: team-a}
            spec: {agentRef: {name: coder}, environmentRef: {name: default}}
            """,
            Session.class);
    String uid = client.resource(session).create().getMetadata().getUid();
    server = new StandInServer(WireIds.session(uid));
    Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters:
        - {name: c, cluster: {server: "%s"}}
        users:
        - {name: u, user: {token: t}}
        contexts:
        - {name: x, context: {cluster: c, user: u, namespace: team-a}}
        current-context: x
        """
            .formatted(client.getMasterUrl()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--kubeconfig=" + directory.resolve("kubeconfig"));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** As somebody who needs no token of an account: the environment of tests has none. */
  private int call(String... arguments) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("team-a")
                .withName("me")
                .endMetadata()
                .build())
        .createOr(NonDeletingOperation::update);
    kubernetes
        .expect()
        .post()
        .withPath("/api/v1/namespaces/team-a/serviceaccounts/me/token")
        .andReturn(201, "{\"kind\":\"TokenRequest\",\"status\":{\"token\":\"short-lived\"}}")
        .always();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=" + server.uri());
    all.add("--as-sa=me");
    return run(all.toArray(String[]::new));
  }

  private void allow(boolean allowed, String reason) {
    kubernetes
        .expect()
        .post()
        .withPath(REVIEWS)
        .andReturn(
            201,
            new SelfSubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(allowed)
                .withReason(reason)
                .endStatus()
                .build())
        .always();
  }

  private ServiceAccount account() {
    return client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("team-a")
                .withName("ci")
                .endMetadata()
                .build())
        .create();
  }

  private List<Secret> keys() {
    return client
        .secrets()
        .inNamespace(Rouse.RELEASE_NAMESPACE)
        .withLabel(KeyGrant.LABEL, "true")
        .list()
        .getItems();
  }

  @Test
  void send_puts_a_message_on_record_as_the_account_and_in_the_sessions_workspace() {
    // When
    int code = call("send", "fix", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent).hasSize(1);
    StandInServer.Sent sent = server.sent.getFirst();
    assertThat(sent.authorization()).isEqualTo("Bearer short-lived");
    assertThat(sent.workspace()).isEqualTo("team-a");
    assertThat(sent.events().toString())
        .isEqualTo(
            "[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"go on\"}]}]");
    assertThat(err.toString()).contains("sevt_1");
  }

  @Test
  void a_lost_answer_is_asked_for_again_with_the_same_key() {
    // Given
    server.loseAnswers(2);
    // When
    int code = call("send", "fix", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent)
        .hasSize(3)
        .extracting(StandInServer.Sent::key)
        .containsOnly(server.sent.getFirst().key());
    assertThat(server.effects()).isEqualTo(1);
  }

  @Test
  void an_id_of_the_users_own_is_the_key() {
    // When
    call("send", "fix", "--id", "build-4711", "go on");
    // Then
    assertThat(server.sent).extracting(StandInServer.Sent::key).containsExactly("build-4711");
  }

  @Test
  void a_server_that_does_not_know_the_call_is_quoted_and_not_asked_again() {
    // Given
    server.refuse(501, "not available yet: sending events");
    // When
    int code = call("interrupt", "fix");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("error: the server answered 501: not available yet: sending events\n");
  }

  @Test
  void interrupt_says_that_it_did() {
    // When
    int code = call("interrupt", "fix");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent.getFirst().events().toString())
        .isEqualTo("[{\"type\":\"user.interrupt\"}]");
    assertThat(out.toString()).isEqualTo("interrupted\n");
  }

  @Test
  void approve_shows_the_call_and_then_answers_it() throws Exception {
    // Given
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("sevt_9  bash  deploy\napproved\n");
    assertThat(server.sent.getFirst().events().toString())
        .isEqualTo(
            "[{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_9\",\"result\":\"allow\"}]");
  }

  @Test
  void approve_of_several_lists_them_and_sends_nothing() throws Exception {
    // Given
    asks("sevt_8", "build");
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("sevt_8  bash  build", "sevt_9  bash  deploy", "--all");
    assertThat(server.sent).isEmpty();
  }

  @Test
  void approve_all_answers_them_in_one_request() throws Exception {
    // Given
    asks("sevt_8", "build");
    asks("sevt_9", "deploy");
    // When
    int code = call("approve", "fix", "--all");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent).singleElement().satisfies(sent -> assertThat(sent.events()).hasSize(2));
  }

  @Test
  void deny_tells_the_agent_why() throws Exception {
    // Given
    asks("sevt_9", "deploy");
    // When
    int code = call("deny", "fix", "sevt_9", "--message", "not today");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.sent.getFirst().events().toString())
        .contains("\"result\":\"deny\"", "\"deny_message\":\"not today\"");
  }

  private void asks(String id, String command) throws Exception {
    server.add(
        """
        {"type":"agent.tool_use","id":"%s","name":"bash","evaluated_permission":"ask",
         "input":{"command":"%s"},"processed_at":"2026-01-01T00:00:00Z"}
        """
            .formatted(id, command));
  }

  @Test
  void via_spec_still_adds_an_entry() {
    // When
    int code = run("send", "fix", "--via-spec", "--id", "m-1", "go on");
    // Then
    assertThat(code).as(err.toString()).isZero();
    Session session = client.resources(Session.class).inNamespace("team-a").withName("fix").get();
    assertThat(session.getSpec().messages()).extracting("id").containsExactly("m-1");
    assertThat(server.sent).isEmpty();
  }

  @Test
  void without_a_server_anywhere_the_error_says_where_it_was_looked_for() {
    // When
    int code = run("watch", "fix", "--as-sa=me", "--rouse-namespace=elsewhere");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ");
  }

  @Test
  void key_create_prints_the_key_alone_and_keeps_its_hash() {
    // Given
    allow(true, "");
    String uid = account().getMetadata().getUid();
    // When
    int code = run("key", "create", "--as-sa", "team-a/ci", "--name", "robot", "--expires", "90d");
    // Then
    assertThat(code).as(err.toString()).isZero();
    ApiKey key = ApiKey.of(out.toString().strip()).orElseThrow();
    assertThat(err.toString()).contains("team-a/ci").doesNotContain(key.text());
    KeyGrant grant = KeyGrant.of(keys().getFirst()).orElseThrow();
    assertThat(grant.isAbout(key)).isTrue();
    assertThat(grant.uid()).isEqualTo(uid);
    assertThat(grant.name()).isEqualTo("robot");
    assertThat(grant.isExpired(Instant.now().plusSeconds(89 * 86_400L))).isFalse();
    assertThat(grant.isExpired(Instant.now().plusSeconds(91 * 86_400L))).isTrue();
  }

  @Test
  void key_create_needs_the_right_to_become_the_account() {
    // Given
    allow(false, "no");
    account();
    // When
    int code = run("key", "create", "--as-sa", "team-a/ci");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("create serviceaccounts/token", "team-a");
    assertThat(keys()).isEmpty();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void key_create_for_nobody_says_how_to_make_the_account() {
    // Given
    allow(true, "");
    // When
    int code = run("key", "create", "--as-sa", "nobody");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("kubectl create serviceaccount nobody -n team-a");
  }

  @Test
  void key_list_shows_whom_keys_stand_for() {
    // Given
    allow(true, "");
    account();
    run("key", "create", "--as-sa", "ci", "--name", "robot");
    String key = out.toString().strip();
    out.getBuffer().setLength(0);
    // When
    int code = run("key", "list");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("team-a/ci", "never", "robot").doesNotContain(key);
  }

  @Test
  void key_revoke_takes_names_and_keys_and_touches_no_other_secret() {
    // Given
    allow(true, "");
    account();
    run("key", "create", "--as-sa", "ci");
    String key = out.toString().strip();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Rouse.RELEASE_NAMESPACE)
                .withName("rouse-ticket-key")
                .endMetadata()
                .withType("Opaque")
                .build())
        .create();
    // When
    int other = run("key", "revoke", "rouse-ticket-key");
    int code = run("key", "revoke", key);
    // Then
    assertThat(other).isEqualTo(1);
    assertThat(code).as(err.toString()).isZero();
    assertThat(keys()).isEmpty();
    assertThat(
            client
                .secrets()
                .inNamespace(Rouse.RELEASE_NAMESPACE)
                .withName("rouse-ticket-key")
                .get())
        .isNotNull();
  }

  @Test
  void ls_lists_the_sessions_of_the_namespace() {
    // When
    int code = run("ls");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("NAME", "fix", "coder", "Pending");
  }
}
