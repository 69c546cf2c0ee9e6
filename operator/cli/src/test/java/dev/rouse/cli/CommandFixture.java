package dev.rouse.cli;

import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kubeconfig, a mock API server with one Session, and events over real HTTP. */
@EnableKubernetesMockClient(crud = true, https = false)
@Timeout(60)
abstract class CommandFixture {

  protected KubernetesMockServer kubernetes;
  protected KubernetesClient client;
  @TempDir private Path directory;
  protected final StringWriter out = new StringWriter();
  protected final StringWriter err = new StringWriter();
  protected StandInServer server;

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

  protected final int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--kubeconfig=" + directory.resolve("kubeconfig"));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** As somebody who needs no token of an account: the environment of tests has none. */
  protected final int call(String... arguments) {
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
}
