package dev.rouse.api.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the API server makes of the CRDs. A file of {@code accept/} or {@code reject/} is applied
 * document by document; of {@code reject/} the last is refused with the text of the file beside it.
 */
class CrdIT {

  private static final Path CRDS = Path.of(System.getProperty("rouse.root"), "crds");
  private static final String NAMESPACE = "default";

  private static ApiServer server;

  @BeforeAll
  static void start() throws IOException {
    server = ApiServer.start();
    for (Path crd : yaml(CRDS).toList()) {
      apply(load(crd).getFirst());
    }
    Awaitility.await("the kinds are served")
        .atMost(30, TimeUnit.SECONDS)
        .ignoreException(KubernetesClientException.class)
        .untilAsserted(() -> {
          for (Path file : yaml(CRDS.resolve("accept")).toList()) {
            client().resource(load(file).getFirst()).inNamespace(NAMESPACE).get();
          }
        });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Path> accepted() throws IOException {
    return yaml(CRDS.resolve("accept"));
  }

  static Stream<Path> rejected() throws IOException {
    return yaml(CRDS.resolve("reject"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void isAccepted(Path file) throws IOException {
    // Given
    List<HasMetadata> documents = load(file);
    // When
    documents.forEach(CrdIT::apply);
    // Then nothing was pruned: what was said is what is kept
    GenericKubernetesResource said = (GenericKubernetesResource) documents.getLast();
    GenericKubernetesResource kept =
        (GenericKubernetesResource) client().resource(said).inNamespace(NAMESPACE).get();
    assertThat(contains(kept.get("spec"), said.get("spec")))
        .as("spec as kept: %s", kept.<Object>get("spec"))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void isRejected(Path file) throws IOException {
    // Given
    List<HasMetadata> documents = load(file);
    documents.subList(0, documents.size() - 1).forEach(CrdIT::apply);
    String message =
        Files.readString(Path.of(file.toString().replace(".yaml", ".message"))).strip();
    // When
    // Then
    assertThatThrownBy(() -> apply(documents.getLast()))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyRefusalHasItsMessageAndEveryMessageItsRefusal() throws IOException {
    // Given
    List<String> refusals = rejected().map(it -> stem(it)).toList();
    // When
    try (Stream<Path> files = Files.list(CRDS.resolve("reject"))) {
      // Then
      assertThat(files.filter(it -> it.toString().endsWith(".message")).map(CrdIT::stem))
          .containsExactlyInAnyOrderElementsOf(refusals);
    }
  }

  @Test
  void defaultsOfTheSchemaAreThoseOfTheRecords() {
    // Given an Environment that says nothing but "a workspace"
    GenericKubernetesResource environment =
        Serialization.unmarshal(
            """
            apiVersion: rouse.dev/v1alpha1
            kind: Environment
            metadata: {name: defaults}
            spec: {workspace: {}}
            """,
            GenericKubernetesResource.class);
    // When
    apply(environment);
    // Then
    EnvironmentSpec nothing =
        new EnvironmentSpec(null, null, null, null, null, null, null, null, null, null, null, null);
    GenericKubernetesResource kept =
        (GenericKubernetesResource) client().resource(environment).inNamespace(NAMESPACE).get();
    assertThat(kept.<String>get("spec", "linger")).isEqualTo(nothing.lingerOrDefault().toString());
    assertThat(kept.<String>get("spec", "workspace", "size"))
        .isEqualTo(nothing.workspaceOrDefault().sizeOrDefault().toString());
    assertThat(kept.<String>get("spec", "workspace", "accessMode"))
        .isEqualTo(nothing.workspaceOrDefault().accessModeOrDefault().name());
  }

  @Test
  void theTableShowsWhatPeopleAskFirst(@TempDir Path directory) throws Exception {
    // Given
    Path kubeconfig = Files.write(directory.resolve("kubeconfig"), server.kubeconfig());
    apply(load(CRDS.resolve("accept/session-minimal.yaml")).getFirst());
    ProcessBuilder kubectl =
        new ProcessBuilder(
                Path.of(System.getenv("ROUSE_TOOLS_DIR"), "kubernetes-v1.35.4", "kubectl")
                    .toString(),
                "get",
                "rouse",
                "--request-timeout=10s",
                "--cache-dir=" + directory.resolve("cache"),
                "--namespace=" + NAMESPACE,
                "--kubeconfig=" + kubeconfig)
            .redirectErrorStream(true);
    // When
    Awaitility.await("discovery knows the category")
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> {
          Process process = kubectl.start();
          String table =
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          // Then
          assertThat(table)
              .containsPattern("NAME +AGENT +PHASE +STOP REASON +EVENTS +COST +AGE")
              .contains("session.rouse.dev/session-minimal");
        });
  }

  @Test
  void twoManagersShareOneStatus() throws IOException {
    // Given
    HasMetadata session = load(CRDS.resolve("accept/session-minimal.yaml")).getFirst();
    session.getMetadata().setName("shared");
    apply(session);
    String server = "{phase: Idle, conditions: [%s]}".formatted(condition("LogFull"));
    String operator = "{observedGeneration: 1, conditions: [%s]}".formatted(condition("Ready"));
    // When
    status("shared", "rouse-server", server);
    status("shared", "rouse-operator", operator);
    // Then neither takes anything from the other
    Session kept =
        client().resources(Session.class).inNamespace(NAMESPACE).withName("shared").get();
    assertThat(kept.getStatus().phase()).isEqualTo("Idle");
    assertThat(kept.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(kept.getStatus().conditions())
        .extracting(it -> it.getType())
        .containsExactlyInAnyOrder("LogFull", "Ready");
  }

  @Test
  void aBudgetMustStayAboveWhatTheStatusSaysWasSpent() throws IOException {
    // Given
    GenericKubernetesResource session =
        (GenericKubernetesResource) load(CRDS.resolve("accept/session-budget.yaml")).getFirst();
    session.getMetadata().setName("spent");
    apply(session);
    status(
        "spent",
        "rouse-server",
        """
        {usage: {inputTokens: 1, outputTokens: 1, cacheCreationInputTokens: 0,
          cacheReadInputTokens: 0, listCost: '2.6000'}}
        """);
    // When, Then: what is there already may stay, be it too little
    session.setAdditionalProperty("spec", budgeted("250", true));
    apply(session);
    session.setAdditionalProperty("spec", budgeted("260", false));
    assertThatThrownBy(() -> apply(session))
        .hasMessageContaining("must be more than the session has cost");
    session.setAdditionalProperty("spec", budgeted("261", false));
    apply(session);
  }

  private static Map<String, Object> budgeted(String cents, boolean suspend) {
    return Map.of(
        "agentRef",
        Map.of("name", "coder"),
        "environmentRef",
        Map.of("name", "box"),
        "suspend",
        suspend,
        "budget",
        Map.of("type", "limit", "maxListCost", Map.of("amount", cents, "currency", "USD")));
  }

  private static String condition(String type) {
    return "{type: %s, status: 'True', reason: R, message: m, lastTransitionTime: '2026-01-01T00:00:00Z'}"
        .formatted(type);
  }

  private static void status(String name, String manager, String status) {
    GenericKubernetesResource object =
        Serialization.unmarshal(
            "apiVersion: rouse.dev/v1alpha1\nkind: Session\nmetadata: {name: %s}\nstatus: %s\n"
                .formatted(name, status),
            GenericKubernetesResource.class);
    client()
        .resource(object)
        .inNamespace(NAMESPACE)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .build());
  }

  private static KubernetesClient client() {
    return server.client();
  }

  private static void apply(HasMetadata object) {
    PatchContext strictly =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("test")
            .withFieldValidation("Strict")
            .build();
    if (object instanceof GenericKubernetesResource) {
      client().resource(object).inNamespace(NAMESPACE).patch(strictly);
    } else {
      client().resource(object).patch(strictly);
    }
  }

  /** Whether everything that was said is in what is kept, which may hold defaults besides. */
  private static boolean contains(Object kept, Object said) {
    return switch (said) {
      case Map<?, ?> map ->
          kept instanceof Map<?, ?> other
              && map.entrySet().stream()
                  .allMatch(it -> contains(other.get(it.getKey()), it.getValue()));
      case List<?> list ->
          kept instanceof List<?> other
              && list.stream().allMatch(it -> other.stream().anyMatch(k -> contains(k, it)));
      default -> said.toString().equals(String.valueOf(kept));
    };
  }

  private static Stream<Path> yaml(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private static List<HasMetadata> load(Path file) throws IOException {
    String text = Files.readString(file);
    return Stream.of(text.split("(?m)^---$"))
        .<HasMetadata>map(it ->
            it.contains("kind: \"CustomResourceDefinition\"")
                ? Serialization.unmarshal(it)
                : Serialization.unmarshal(it, GenericKubernetesResource.class))
        .toList();
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
  }
}
