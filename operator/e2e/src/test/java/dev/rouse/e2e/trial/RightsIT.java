package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.WireIds;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what, with the roles as they are shipped: added to the cluster's own view, edit and
 * admin, which accounts of the test are bound to.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(13)
class RightsIT {

  private final Namespace namespace;
  private final Namespace elsewhere;
  private final Caller editor;
  private ApiSession session;

  RightsIT(Cluster cluster) {
    this.namespace = cluster.trials("rights");
    this.elsewhere = cluster.trials("rights-elsewhere");
    this.editor = Caller.of(namespace, "editor");
  }

  @BeforeAll
  void makeASession() {
    session = ApiSession.create(editor, "listener", "whose");
  }

  @AfterAll
  void close() {
    editor.close();
  }

  /** A call by an account that lacks a right, and the right as roles write it. */
  record Refusal(String account, String method, String below, ObjectNode[] events, String right) {

    static Refusal of(String account, String method, String below, String right) {
      return new Refusal(account, method, below, new ObjectNode[0], right);
    }

    static Refusal sending(String account, ObjectNode event, String right) {
      return new Refusal(account, "POST", "/events", new ObjectNode[] {event}, right);
    }

    @Override
    public String toString() {
      return "%s: %s %s needs %s".formatted(account, method, below, right);
    }
  }

  static Stream<Refusal> refusals() {
    return Stream.of(
        Refusal.sending("editor", ApiSession.allow("sevt_none"), "create sessions/approvals"),
        Refusal.sending("viewer", ApiSession.message("hello"), "create sessions/events"),
        Refusal.sending("viewer", ApiSession.interrupt(), "create sessions/events"),
        Refusal.sending("stranger", ApiSession.message("hello"), "create sessions/events"),
        Refusal.of("stranger", "GET", "", "get sessions"),
        Refusal.of("stranger", "GET", "/events", "list sessions/events"),
        Refusal.of("stranger", "GET", "/events/stream", "watch sessions/events"),
        Refusal.of("viewer", "POST", "/archive", "update sessions"),
        Refusal.of("viewer", "DELETE", "", "delete sessions"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void withoutTheRightItIs403WithASentenceThatNamesIt(Refusal refusal) throws Exception {
    // Given
    List<String> before = session.history().stream().map(Object::toString).toList();
    Request request =
        refusal.events().length > 0
            ? session.sending(refusal.events())
            : new Request(
                refusal.method(), "/v1/sessions/" + session.id() + refusal.below(), null, null);

    // When
    Answer answer;
    try (Caller caller = Caller.of(namespace, refusal.account())) {
      answer = caller.once(request);
    }

    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(403);
    assertThat(answer.errorType()).isEqualTo("permission_error");
    assertThat(answer.message())
        .contains(refusal.right())
        .contains("system:serviceaccount:rights:" + refusal.account())
        .contains("namespace rights");
    assertThat(session.history().stream().map(Object::toString)).isEqualTo(before);
  }

  @Test
  void aBatchWithOneConfirmationNeedsTheRightToApproveAndNothingOfItIsTaken() throws Exception {
    // Given
    Request request =
        session.sending(ApiSession.message("sent with it"), ApiSession.allow("sevt_none"));

    // When
    Answer answer = editor.once(request);

    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(403);
    assertThat(answer.message()).contains("create sessions/approvals");
    assertThat(session.history()).noneMatch(event -> event.toString().contains("sent with it"));
  }

  @Test
  void whoMayViewSeesTheSessionAndItsEvents() {
    // Given
    try (Caller viewer = Caller.of(namespace, "viewer")) {

      // When
      Answer shown = viewer.call(Request.get("/v1/sessions/" + session.id()));
      Answer listed = viewer.call(Request.get("/v1/sessions"));
      Answer events = viewer.call(Request.get("/v1/sessions/" + session.id() + "/events"));

      // Then
      assertThat(shown.ok().path("id").asText()).isEqualTo(session.id());
      assertThat(listed.ok().path("data").findValuesAsText("id")).contains(session.id());
      assertThat(events.status()).isEqualTo(200);
    }
  }

  @Tag("failure-21")
  @Test
  void anIdOfAnotherNamespaceIsUnknownEvenToWhoMayDoEverythingInTheirs() throws Exception {
    // Given
    try (Caller other = Caller.of(elsewhere, "approver")) {
      List<Request> requests =
          List.of(
              Request.get("/v1/sessions/" + session.id()),
              Request.get("/v1/sessions/" + session.id() + "/events"),
              Request.get("/v1/sessions/" + session.id() + "/events/stream"),
              session.sending(ApiSession.message("from elsewhere")),
              session.sending(ApiSession.allow("sevt_none")),
              new Request("DELETE", "/v1/sessions/" + session.id(), null, null));

      for (Request request : requests) {
        // When
        Answer answer = other.once(request);

        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(404);
        assertThat(answer.errorType()).isEqualTo("not_found_error");
      }
      assertThat(other.call(Request.get("/v1/sessions")).ok().path("data")).isEmpty();
    }
  }

  @Test
  void theWorkspaceHeaderOpensNoNamespaceWithoutARightThere() throws Exception {
    // Given
    try (Caller other = Caller.of(elsewhere, "approver").inWorkspace("rights")) {

      // When
      Answer answer = other.once(Request.get("/v1/sessions/" + session.id()));

      // Then
      assertThat(answer.status()).as("%s", answer).isIn(403, 404);
    }
  }

  @Test
  void aBrainsTokenAndAnyOtherIsNoCredentialHere() throws Exception {
    // Given
    List<String> tokens =
        List.of(
            Caller.token(namespace, "default", "rouse-brain"),
            Caller.token(namespace, "approver", ""),
            "not-a-token");

    for (String token : tokens) {
      // When
      Answer answer;
      try (Caller caller = Caller.with(namespace, token)) {
        answer = caller.once(Request.get("/v1/sessions/" + session.id()));
      }

      // Then
      assertThat(answer.status()).as("%s", answer).isEqualTo(401);
      assertThat(answer.errorType()).isEqualTo("authentication_error");
      assertThat(answer.message()).doesNotContain(token);
    }
  }

  @Test
  void aPodThatTheOperatorDidNotNameIsNoBrain() throws Exception {
    // Given a pod with the token that brains have: who edits a namespace may make both
    String uid = WireIds.sessionUidOf(session.id()).orElseThrow();
    List<String> before = session.history().stream().map(Object::toString).toList();
    String token;
    try (KubernetesClient client = namespace.cluster().as(namespace.name(), "editor")) {
      Pod pod = client.resource(pretender()).create();
      token =
          client
              .serviceAccounts()
              .inNamespace(namespace.name())
              .withName("default")
              .tokenRequest(
                  new TokenRequestBuilder()
                      .withNewSpec()
                      .withAudiences(Rouse.BRAIN_AUDIENCE)
                      .withExpirationSeconds(600L)
                      .withNewBoundObjectRef(
                          "v1", "Pod", pod.getMetadata().getName(), pod.getMetadata().getUid())
                      .endSpec()
                      .build())
              .getStatus()
              .getToken();
    }

    // When
    Answer answer;
    try (Caller caller = Caller.with(namespace, token)) {
      answer =
          caller.once(new Request("POST", "/internal/v1/sessions/" + uid + "/wake", null, null));
    }

    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(409);
    assertThat(answer.toString()).contains("is not the one that status.harness");
    assertThat(session.history().stream().map(Object::toString)).isEqualTo(before);
  }

  private Pod pretender() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("pretender")
        .withNamespace(namespace.name())
        .endMetadata()
        .withNewSpec()
        .addToNodeSelector("nowhere", "true")
        .addNewContainer()
        .withName("brain")
        .withImage("somebody-elses")
        .endContainer()
        .endSpec()
        .build();
  }
}
