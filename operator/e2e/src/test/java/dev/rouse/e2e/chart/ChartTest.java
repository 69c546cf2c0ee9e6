package dev.rouse.e2e.chart;

import static dev.rouse.e2e.chart.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.ServerConfig;
import dev.rouse.server.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each value that matters renders. Settings are read by the programs' own code. */
class ChartTest {

  private static final Helm HELM = Helm.withoutCluster();

  @TempDir private Path directory;

  @Test
  void the_defaults_are_all_of_rouse_and_nothing_else() {
    // When
    Rendered rendered = HELM.render();
    // Then
    assertThat(rendered.names())
        .containsExactlyInAnyOrder(
            "CustomResourceDefinition/agents.rouse.dev",
            "CustomResourceDefinition/environments.rouse.dev",
            "CustomResourceDefinition/modelproviders.rouse.dev",
            "CustomResourceDefinition/sessions.rouse.dev",
            "ServiceAccount/rouse-operator",
            "ServiceAccount/rouse-server",
            "ClusterRole/rouse-operator",
            "ClusterRoleBinding/rouse-operator",
            "Role/rouse-operator-lease",
            "RoleBinding/rouse-operator-lease",
            "ClusterRole/rouse-server",
            "ClusterRoleBinding/rouse-server",
            "ClusterRole/rouse-server-reviews",
            "ClusterRoleBinding/rouse-server-reviews",
            "Role/rouse-server-keys",
            "RoleBinding/rouse-server-keys",
            "Role/rouse-connect",
            "ClusterRole/rouse-view",
            "ClusterRole/rouse-edit",
            "ClusterRole/rouse-approve",
            "ValidatingAdmissionPolicy/rouse-logs",
            "ValidatingAdmissionPolicyBinding/rouse-logs",
            "ValidatingAdmissionPolicy/rouse-work",
            "ValidatingAdmissionPolicyBinding/rouse-work",
            "ValidatingAdmissionPolicy/rouse-provider-secrets",
            "ValidatingAdmissionPolicyBinding/rouse-provider-secrets",
            "ValidatingAdmissionPolicy/rouse-forks",
            "ValidatingAdmissionPolicyBinding/rouse-forks",
            "ValidatingAdmissionPolicy/rouse-pods",
            "ValidatingAdmissionPolicyBinding/rouse-pods",
            "Deployment/rouse-operator",
            "PodDisruptionBudget/rouse-operator",
            "NetworkPolicy/rouse-operator",
            "Deployment/rouse-server",
            "Service/rouse-server",
            "PodDisruptionBudget/rouse-server",
            "NetworkPolicy/rouse-server",
            "Service/rouse-metrics",
            // Hooks
            "Pod/rouse-check",
            "ServiceAccount/rouse-uninstall",
            "ClusterRole/rouse-uninstall",
            "ClusterRoleBinding/rouse-uninstall",
            "Job/rouse-uninstall");
    assertThat(rendered.one("Deployment", "rouse-operator").path("spec").path("replicas").asInt())
        .isEqualTo(2);
    assertThat(rendered.one("Deployment", "rouse-server").path("spec").path("replicas").asInt())
        .isEqualTo(2);
  }

  @Test
  void the_server_understands_its_settings() {
    // When
    ServerConfig config = ServerConfig.of(HELM.render().settings("server"));
    // Then
    assertThat(config)
        .isEqualTo(
            ServerConfig.of(
                Map.of(
                    "ROUSE_LISTEN", "0.0.0.0:8443",
                    "ROUSE_NAMESPACE", "rouse-system",
                    "ROUSE_METRICS_LISTEN", "0.0.0.0:9090")));
  }

  @Test
  void the_operator_understands_its_settings() throws IOException {
    // Given
    Map<String, String> rendered = new HashMap<>(HELM.render().settings("operator"));
    assertThat(rendered.put("ROUSE_CA_FILE", Files.createTempFile(directory, "ca", "").toString()))
        .isEqualTo("/var/run/rouse/ca/ca.crt");
    // When
    var settings = dev.rouse.controller.Settings.from(rendered);
    // Then
    assertThat(settings.serverUrl()).isEqualTo("https://rouse-server.rouse-system.svc");
    assertThat(settings.brainImage()).isEqualTo("rouse/brain:0.1.0-SNAPSHOT");
    assertThat(settings.handsImage()).isEqualTo("rouse/hands:0.1.0-SNAPSHOT");
    assertThat(settings.leaderElection()).isTrue();
    assertThat(settings.watchNamespaces()).isEmpty();
    assertThat(settings.healthListen()).contains("0.0.0.0:8080");
    assertThat(settings.metricsListen()).contains("0.0.0.0:9090");
  }

  @Test
  void with_sqlite_the_server_is_one_and_has_a_volume() {
    // When
    Rendered rendered =
        HELM.render(
            "store.type=\"sqlite\"",
            "store.sqlite.size=\"20Gi\"",
            "store.sqlite.storageClassName=\"fast\"");
    // Then
    JsonNode spec = rendered.one("StatefulSet", "rouse-server").path("spec");
    assertThat(spec.path("replicas").asInt()).isEqualTo(1);
    JsonNode claim = spec.path("volumeClaimTemplates").path(0).path("spec");
    assertThat(claim.at("/resources/requests/storage").asText()).isEqualTo("20Gi");
    assertThat(claim.path("storageClassName").asText()).isEqualTo("fast");
    assertThat(texts(claim.path("accessModes"))).containsExactly("ReadWriteOnce");
    assertThat(ServerConfig.of(rendered.settings("server")).store())
        .isEqualTo(new Store.Sqlite(Path.of("/var/lib/rouse")));
    assertThat(rendered.mounts("server")).containsEntry("logs", "/var/lib/rouse");
    assertThat(rendered.names())
        .doesNotContain("Deployment/rouse-server", "PodDisruptionBudget/rouse-server");
  }

  @Test
  void with_postgres_the_password_stays_in_its_secret() {
    // When
    Rendered rendered =
        HELM.render(
            "store.type=\"postgres\"",
            "store.postgres.url=\"jdbc:postgresql://db/rouse?sslmode=verify-full\"",
            "store.postgres.user=\"rouse\"",
            "store.postgres.passwordSecret=\"database\"",
            "store.postgres.tlsSecret=\"database-tls\"",
            "store.totalBytes=1073741824",
            "server.replicas=3");
    // Then
    ServerConfig config = ServerConfig.of(rendered.settings("server"));
    assertThat(config.store())
        .isEqualTo(
            new Store.Postgres(
                "jdbc:postgresql://db/rouse?sslmode=verify-full",
                "rouse",
                Path.of("/var/run/rouse/password/password"),
                16));
    assertThat(config.logs().maxTotalBytes()).isEqualTo(1L << 30);
    assertThat(rendered.mounts("server"))
        .containsEntry("password", "/var/run/rouse/password")
        .containsEntry("database", "/var/run/rouse/database");
    assertThat(rendered.one("Deployment", "rouse-server").at("/spec/replicas").asInt())
        .isEqualTo(3);
  }

  @Test
  void for_some_namespaces_there_is_a_role_in_each_and_little_for_the_whole_cluster() {
    // When
    Rendered rendered = HELM.render("watchNamespaces=[\"team-a\",\"team-b\"]");
    // Then
    assertThat(rendered.names())
        .contains("Role/team-a/rouse-operator", "RoleBinding/team-b/rouse-operator")
        .contains("Role/team-b/rouse-server", "RoleBinding/team-a/rouse-server")
        .contains("Role/team-a/rouse-uninstall", "RoleBinding/team-b/rouse-uninstall");
    assertThat(rendered.all("ClusterRoleBinding").map(Rendered::name))
        .containsExactly("rouse-server-reviews");
    JsonNode role = rendered.one("Role", "rouse-server");
    assertThat(role.path("rules"))
        .isEqualTo(HELM.render().one("ClusterRole", "rouse-server").path("rules"));
    assertThat(rendered.one("RoleBinding", "rouse-server").at("/roleRef/kind").asText())
        .isEqualTo("Role");
    assertThat(ServerConfig.of(rendered.settings("server")).watchNamespaces())
        .containsExactly("team-a", "team-b");
    assertThat(rendered.settings("operator"))
        .containsEntry("ROUSE_WATCH_NAMESPACES", "team-a,team-b");
  }
}
