package dev.rouse.e2e.chart;

import static dev.rouse.e2e.chart.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.server.ServerConfig;
import dev.rouse.server.tls.Tls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates, metrics, policies, images: what a cluster's owner sets to fit Rouse into it. */
class ChartFitTest {

  private static final Helm HELM = Helm.withoutCluster();
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @Test
  void the_certificate_can_be_cert_managers() {
    // When
    Rendered rendered =
        HELM.render(
            "tls.mode=\"cert-manager\"",
            "tls.certManager.issuer=\"company\"",
            "tls.certManager.issuerKind=\"ClusterIssuer\"",
            "tls.names=[\"rouse.example.com\",\"10.0.0.1\"]");
    // Then
    JsonNode certificate = rendered.one("Certificate", "rouse-server").path("spec");
    assertThat(texts(certificate.path("dnsNames")))
        .contains("rouse-server.rouse-system.svc", "rouse.example.com")
        .doesNotContain("10.0.0.1");
    assertThat(texts(certificate.path("ipAddresses"))).contains("10.0.0.1");
    assertThat(certificate.at("/issuerRef/kind").asText()).isEqualTo("ClusterIssuer");
    assertThat(ServerConfig.of(rendered.settings("server")).tls()).isInstanceOf(Tls.Files.class);
    assertThat(rendered.mounts("server"))
        .containsEntry("certificate", "/var/run/rouse/certificate");
  }

  @Test
  void the_certificate_can_be_one_that_somebody_brings() {
    // When
    Rendered rendered = HELM.render("tls.mode=\"secret\"", "tls.secretName=\"ours\"");
    // Then
    Tls tls = ServerConfig.of(rendered.settings("server")).tls();
    assertThat(((Tls.Files) tls).ca()).hasToString("/var/run/rouse/certificate/ca.crt");
    assertThat(rendered.pods().get("Deployment/rouse-server").path("volumes").toString())
        .contains("\"secretName\":\"ours\"");
    assertThat(rendered.all("Certificate")).isEmpty();
  }

  @Test
  void without_metrics_nobody_listens_there() {
    // When
    Rendered rendered = HELM.render("metrics.enabled=false");
    // Then
    assertThat(rendered.text()).doesNotContain("9090").doesNotContain("ROUSE_METRICS_LISTEN");
    assertThat(rendered.one("NetworkPolicy", "rouse-operator").at("/spec/ingress")).isEmpty();
    assertThat(rendered.one("NetworkPolicy", "rouse-operator").at("/spec/policyTypes")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "server"})
  void metrics_are_told_where_they_are_looked_for(String component) {
    // When
    Rendered rendered = HELM.render();
    // Then
    JsonNode service = rendered.one("Service", "rouse-metrics").at("/spec/ports/0");
    JsonNode port =
        Rendered.list(rendered.container(component).path("ports")).stream()
            .filter(it -> it.path("name").equals(service.path("targetPort")))
            .findFirst()
            .orElseThrow();
    assertThat(rendered.settings(component).get("ROUSE_METRICS_LISTEN"))
        .endsWith(":" + port.path("containerPort").asInt());
    assertThat(rendered.one("NetworkPolicy", "rouse-" + component).findValuesAsText("port"))
        .contains(service.path("targetPort").asText());
  }

  @Test
  void metrics_are_found_by_a_service_monitor_with_labels_of_ones_own() {
    // When
    Rendered rendered =
        HELM.render(
            "metrics.serviceMonitor.enabled=true",
            "metrics.serviceMonitor.labels={\"release\":\"prometheus\"}",
            "networkPolicy.metricsFrom=[{\"namespaceSelector\":{\"matchLabels\":{\"a\":\"b\"}}}]");
    // Then
    JsonNode monitor = rendered.one("ServiceMonitor", "rouse");
    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    JsonNode service = rendered.one("Service", "rouse-metrics").at("/metadata/labels");
    assertThat(monitor.at("/spec/selector/matchLabels").properties())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(service.path(it.getKey())).isEqualTo(it.getValue()));
    List<JsonNode> ingress =
        Rendered.list(rendered.one("NetworkPolicy", "rouse-server").at("/spec/ingress"));
    assertThat(ingress.get(0).has("from")).as("the server is for everybody").isFalse();
    assertThat(ingress.get(1).at("/from/0/namespaceSelector/matchLabels/a").asText())
        .isEqualTo("b");
  }

  @Test
  void what_leaves_is_limited_where_somebody_says_to_what() {
    // When
    Rendered rendered =
        HELM.render("networkPolicy.egress=[{\"to\":[{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\"}}]}]");
    // Then
    assertThat(rendered.all("NetworkPolicy"))
        .hasSize(2)
        .allSatisfy(it -> {
          assertThat(texts(it.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress");
          assertThat(it.at("/spec/egress/0/to/0/ipBlock/cidr").asText()).isEqualTo("10.0.0.0/8");
        });
    assertThat(HELM.render("networkPolicy.enabled=false").all("NetworkPolicy")).isEmpty();
  }

  @Test
  void a_digest_counts_more_than_a_tag_and_all_come_from_one_registry() {
    // When
    Rendered rendered =
        HELM.render(
            "imageRegistry=\"registry.example/mirror\"",
            "images.server={\"tag\":\"1.2\",\"digest\":\"%s\"}".formatted(DIGEST),
            "images.brain.tag=\"1.2\"",
            "imagePullSecrets=[\"key\"]");
    // Then
    assertThat(rendered.container("server").path("image").asText())
        .isEqualTo("registry.example/mirror/rouse/server@" + DIGEST);
    assertThat(rendered.settings("operator"))
        .containsEntry("ROUSE_BRAIN_IMAGE", "registry.example/mirror/rouse/brain:1.2")
        .containsEntry("ROUSE_HANDS_IMAGE", "registry.example/mirror/rouse/hands:0.1.0-SNAPSHOT");
    assertThat(rendered.pods())
        .allSatisfy(
            (_, pod) -> assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("key"));
  }

  @Test
  void settings_of_ones_own_win() {
    // When
    Rendered rendered =
        HELM.render(
            "operator.env={\"ROUSE_LEADER_ELECTION\":false,\"ROUSE_BRAIN_UNREADY_AFTER\":\"PT1M\"}",
            "server.env={\"ROUSE_RECHECK\":\"PT1S\"}");
    // Then
    assertThat(rendered.settings("operator"))
        .containsEntry("ROUSE_LEADER_ELECTION", "false")
        .containsEntry("ROUSE_BRAIN_UNREADY_AFTER", "PT1M");
    assertThat(rendered.container("operator").path("env").findValuesAsText("name"))
        .doesNotHaveDuplicates();
    assertThat(rendered.settings("server")).containsEntry("ROUSE_RECHECK", "PT1S");
  }

  @Test
  void who_restores_backups_is_added_to_who_writes_logs() {
    // When
    Rendered rendered = HELM.render("admission.logWriters=[\"system:serviceaccount:v:velero\"]");
    // Then
    assertThat(logWriters(rendered))
        .contains("'system:serviceaccount:rouse-system:rouse-server'")
        .endsWith("'system:kube-controller-manager', 'system:serviceaccount:v:velero']");
    assertThat(HELM.render("admission.enabled=false").text())
        .doesNotContain("kind: ValidatingAdmissionPolicy");
  }

  private static String logWriters(Rendered rendered) {
    return rendered
        .one("ValidatingAdmissionPolicy", "rouse-logs")
        .at("/spec/validations/0/expression")
        .asText();
  }

  @Test
  void kinds_are_what_crds_says_and_stay_unless_told_otherwise() throws Exception {
    // When
    Rendered rendered = HELM.render();
    // Then
    for (JsonNode crd : rendered.all("CustomResourceDefinition").toList()) {
      assertThat(crd.at("/metadata/annotations/helm.sh~1resource-policy").asText())
          .isEqualTo("keep");
      assertThat(crd.path("spec"))
          .isEqualTo(
              Rendered.YAML
                  .readTree(Helm.ROOT.resolve("crds/" + Rendered.name(crd) + ".yaml").toFile())
                  .path("spec"));
    }
    assertThat(HELM.render("crds.keep=false").text()).doesNotContain("resource-policy");
    assertThat(HELM.render("crds.install=false").all("CustomResourceDefinition")).isEmpty();
  }

  @Test
  void the_release_may_be_in_any_namespace() {
    // When
    Rendered rendered = HELM.renderIn("agents", "crds.install=false");
    // Then
    assertThat(rendered.text()).doesNotContain("rouse-system");
    assertThat(logWriters(rendered)).contains("'system:serviceaccount:agents:rouse-server'");
    assertThat(rendered.settings("operator"))
        .containsEntry("ROUSE_SERVER_URL", "https://rouse-server.agents.svc");
    assertThat(rendered.settings("server")).containsEntry("ROUSE_NAMESPACE", "agents");
  }

  @Test
  void brains_are_told_another_port_of_the_service() {
    assertThat(HELM.render("server.service.port=8443").settings("operator"))
        .containsEntry("ROUSE_SERVER_URL", "https://rouse-server.rouse-system.svc:8443");
  }
}
