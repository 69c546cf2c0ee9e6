package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.Rouse;
import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.cluster.Kubectl;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.Request;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What somebody who may edit a namespace is still refused in it. */
@ExtendWith(SharedBed.class)
@Order(45)
class RefusalE2E {

  private final Team team;
  private final Bed bed;

  RefusalE2E(Release release) throws IOException {
    this.team = Team.create(release, "refusals");
    this.bed = release.bed();
  }

  private Kubectl.Result asEditor(String input, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--as=system:serviceaccount:%s:app".formatted(team.name()));
    all.addAll(List.of("-n", team.name()));
    return bed.kubectl().tryRun(input, all.toArray(String[]::new));
  }

  @Test
  void aLogIsNeitherChangedNorDeletedBehindTheServer() throws Exception {
    // Given
    PodSession session = team.shell("log", "ephemeral", "echo kept");
    session.awaitAnswer("It says: kept");
    ConfigMap log =
        team.client()
            .configMaps()
            .inNamespace(team.name())
            .withLabel(Rouse.LOG_LABEL, session.uid())
            .list()
            .getItems()
            .getFirst();
    String name = log.getMetadata().getName();

    // When
    Kubectl.Result changed =
        asEditor("", "patch", "configmap", name, "-p", "{\"data\":{\"a\":\"b\"}}");
    Kubectl.Result deleted = asEditor("", "delete", "configmap", name);
    Kubectl.Result unlabelled = asEditor("", "label", "configmap", name, Rouse.LOG_LABEL + "-");

    // Then
    assertThat(List.of(changed, deleted, unlabelled))
        .allSatisfy(result -> assertThat(result.exit()).as(result.output()).isNotZero());
    assertThat(session.log()).isNotEmpty();
  }

  @Tag("failure-20")
  @Test
  void aPodThatOnlyLooksLikeABrainIsNoBrain() throws Exception {
    // Given
    AtWork work = AtWork.at(Moment.TOOL, team, "impostor", "default");
    PodSession session = work.session();

    // When
    Kubectl.Result labelled =
        asEditor(
            pod(
                "labelled",
                "{%s: %s, %s: brain}"
                    .formatted(Rouse.SESSION_LABEL, session.uid(), Rouse.ROLE_LABEL)),
            "apply",
            "-f",
            "-");
    Kubectl.Result plain = asEditor(pod("impostor", "{}"), "apply", "-f", "-");

    // Then: the labels are not for everybody
    assertThat(labelled.exit()).as(labelled.output()).isNotZero();
    assertThat(labelled.output()).contains("only the Rouse operator makes pods");
    // And: a brain's token is that of the pod which the object names
    assertThat(plain.exit()).as(plain.output()).isZero();
    bed.client()
        .pods()
        .inNamespace(team.name())
        .withName("impostor")
        .waitUntilReady(60, TimeUnit.SECONDS);
    String token =
        bed.kubectl().run("exec", "impostor", "-n", team.name(), "--", "cat", "/token/token");
    try (ApiClient impostor = ApiClient.of(team.release(), token.strip())) {
      Answer answer = impostor.once(wake(session));
      assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
      assertThat(answer.body().path("code").asText()).isEqualTo("FENCED");
    }
    work.goOn();
    work.judge(SecondCall.DONE).woke(1, 1);
    bed.kubectl()
        .run("delete", "pod", "impostor", "-n", team.name(), "--grace-period=1", "--wait=false");
  }

  /** A pod with a token for brains. */
  private String pod(String name, String labels) throws IOException, InterruptedException {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      labels: %s
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: brain
          image: %s
          imagePullPolicy: Never
          command: [sleep, "600"]
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          volumeMounts: [{name: token, mountPath: /token}]
      volumes:
        - name: token
          projected:
            sources:
              - serviceAccountToken: {audience: %s, path: token}
    """
        .formatted(
            name, labels, bed.nodes().getFirst().ctr().image("rouse/hands:"), Rouse.BRAIN_AUDIENCE);
  }

  private static Request wake(PodSession session) {
    return Request.post(
        "/internal/v1/sessions/%s/wake".formatted(session.uid()),
        JsonNodeFactory.instance.objectNode());
  }

  @Test
  void aProviderNeedsTheRightToReadItsSecret() throws IOException {
    // When
    Kubectl.Result refused =
        bed.kubectl()
            .tryRun(
                """
                apiVersion: rouse.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: borrowed, namespace: %s}
                spec:
                  type: anthropic
                  baseURL: http://127.0.0.1:1
                  secretRef: {name: model-key, key: api-key}
                """
                    .formatted(team.name()),
                "apply",
                "-f",
                "-",
                "--as=system:serviceaccount:%s:providers".formatted(team.name()));

    // Then
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("model-key");
  }
}
