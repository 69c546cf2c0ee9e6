package dev.rouse.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of everything that is rendered, whatever the values. */
class ChartShapeTest {

  private static final Helm HELM = Helm.withoutCluster();

  private static final Set<String> OF_THE_CLUSTER =
      Set.of(
          "CustomResourceDefinition",
          "ClusterRole",
          "ClusterRoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding");

  /** Values, and what they render. */
  record Case(List<String> values, Rendered rendered) {
    static Case of(String... values) {
      return new Case(List.of(values), HELM.render(values));
    }

    @Override
    public String toString() {
      return values.toString();
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        Case.of(),
        Case.of("store.type=\"sqlite\"", "tls.mode=\"secret\"", "metrics.enabled=false"),
        Case.of(
            "store.type=\"postgres\"",
            "store.postgres.url=\"jdbc:postgresql://db/rouse\"",
            "store.postgres.user=\"rouse\"",
            "store.postgres.passwordSecret=\"database\"",
            "tls.mode=\"cert-manager\"",
            "tls.certManager.issuer=\"company\"",
            "watchNamespaces=[\"team-a\"]",
            "metrics.serviceMonitor.enabled=true"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void every_pod_is_restricted(Case it) {
    // When
    Map<String, JsonNode> pods = it.rendered().pods();
    // Then
    assertThat(pods).hasSize(4);
    pods.forEach((name, pod) -> {
      JsonNode security = pod.path("securityContext");
      assertThat(security.path("runAsNonRoot").asBoolean()).as(name).isTrue();
      assertThat(security.path("runAsUser").asInt()).as(name).isPositive();
      assertThat(security.at("/seccompProfile/type").asText()).as(name).isEqualTo("RuntimeDefault");
      assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC")).isFalse();
      for (JsonNode container : pod.path("containers")) {
        assertThat(container.path("securityContext").toString())
            .as(name)
            .isEqualTo(
                "{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,\"capabilities\":{\"drop\":[\"ALL\"]}}");
      }
    });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void every_container_says_what_it_needs_and_what_it_gets(Case it) {
    it.rendered()
        .pods()
        .forEach((name, pod) -> {
          for (JsonNode container : pod.path("containers")) {
            assertThat(container.at("/resources/requests/cpu").asText()).as(name).isNotEmpty();
            assertThat(container.at("/resources/requests/memory").asText()).as(name).isNotEmpty();
            assertThat(container.at("/resources/limits/memory").asText()).as(name).isNotEmpty();
            assertThat(container.path("image").asText()).as(name).matches("rouse/.+[:@].+");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void what_stays_is_watched_over_and_asks_not_ready_by_503(Case it) {
    for (String component : List.of("operator", "server")) {
      // When
      JsonNode container = it.rendered().container(component);
      // Then
      assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/healthz");
      assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
      assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void only_who_talks_to_the_api_has_a_token_for_it(Case it) {
    it.rendered()
        .pods()
        .forEach((name, pod) ->
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                .as(name)
                .isEqualTo(!name.equals("Pod/rouse-check")));
    assertThat(it.rendered().all("ServiceAccount"))
        .allSatisfy(account ->
            assertThat(account.path("automountServiceAccountToken").asBoolean(true)).isFalse());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void no_secret_is_part_of_the_release(Case it) {
    assertThat(it.rendered().all("Secret")).isEmpty();
    assertThat(it.rendered().text()).doesNotContain("BEGIN ", "stringData");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everything_says_where_it_is_and_to_whom_it_belongs(Case it) {
    for (JsonNode object : it.rendered().objects()) {
      String what = object.path("kind").asText() + "/" + Rendered.name(object);
      assertThat(object.at("/metadata/namespace").asText(""))
          .as(what)
          .matches(
              OF_THE_CLUSTER.contains(object.path("kind").asText()) ? "" : "rouse-system|team-a");
      assertThat(object.at("/metadata/labels/app.kubernetes.io~1name").asText())
          .as(what)
          .startsWith("rouse");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothing_is_rendered_twice(Case it) {
    assertThat(it.rendered().names()).doesNotHaveDuplicates();
  }

  @Test
  void for_kubectl_the_same_is_rendered_and_a_namespace_that_enforces(@TempDir Path directory)
      throws Exception {
    // When
    Process script =
        new ProcessBuilder("hack/install-yaml.sh", directory.toString())
            .directory(Helm.ROOT.toFile())
            .inheritIO()
            .start();
    assertThat(script.waitFor()).isZero();
    // Then
    Rendered install = Rendered.of(Files.readString(directory.resolve("install.yaml")));
    Rendered uninstall = Rendered.of(Files.readString(directory.resolve("uninstall.yaml")));
    Set<String> all = new TreeSet<>(HELM.render().names());
    all.addAll(List.of("Namespace/rouse-system"));
    all.removeAll(uninstall.names());
    all.remove("Pod/rouse-check");
    assertThat(install.names()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(uninstall.names()).contains("Job/rouse-uninstall").hasSize(4);
    assertThat(install.one("Namespace", "rouse-system").at("/metadata/labels").toString())
        .contains("\"pod-security.kubernetes.io/enforce\":\"restricted\"");
  }

  @Test
  void the_version_is_that_of_the_programs() throws Exception {
    // When
    JsonNode chart = Rendered.YAML.readTree(HELM.chart().resolve("Chart.yaml").toFile());
    // Then
    assertThat(Files.readString(Helm.ROOT.resolve("pom.xml")))
        .contains("<version>%s</version>".formatted(chart.path("version").asText()));
    assertThat(chart.path("appVersion")).isEqualTo(chart.path("version"));
  }

  @Test
  void the_schema_knows_every_value_and_no_other() throws Exception {
    // Given
    JsonNode schema = Rendered.YAML.readTree(HELM.chart().resolve("values.schema.json").toFile());
    JsonNode values = Rendered.YAML.readTree(HELM.chart().resolve("values.yaml").toFile());
    // When
    Set<String> known = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    known.remove("global");
    Set<String> there = new TreeSet<>();
    values.fieldNames().forEachRemaining(there::add);
    // Then
    assertThat(known).isEqualTo(there);
    assertThat(objectsWithoutAnEnd(schema)).isEmpty();
  }

  /** Parts of the schema that list properties and do not refuse others. */
  private static Set<String> objectsWithoutAnEnd(JsonNode schema) {
    Set<String> open = new TreeSet<>();
    if (schema.has("properties") && schema.path("additionalProperties").asBoolean(true)) {
      open.add(schema.path("properties").toString());
    }
    for (Iterator<JsonNode> it = schema.elements(); it.hasNext(); ) {
      open.addAll(objectsWithoutAnEnd(it.next()));
    }
    return open;
  }
}
