package dev.rouse.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.controller.isolation.Cidr;
import dev.rouse.controller.isolation.DnsServer;
import dev.rouse.controller.isolation.IsolationSettings;
import dev.rouse.controller.session.HandsResources;
import dev.rouse.logging.LogFormat;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins every key and every default: both are part of the interface. */
class SettingsTest {

  private static final Map<String, String> REQUIRED =
      Map.of(
          "ROUSE_SERVER_URL", "https://rouse.rouse-system.svc",
          "ROUSE_BRAIN_IMAGE", "brain:1",
          "ROUSE_HANDS_IMAGE", "hands:1");

  @Test
  void defaults() {
    // When
    Settings settings = Settings.from(REQUIRED);
    // Then
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://rouse.rouse-system.svc",
                "brain:1",
                "hands:1",
                Settings.HandsRuntime.COPY,
                null,
                "rouse-system",
                Set.of(),
                false,
                Duration.ofSeconds(15),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Optional.empty(),
                new HandsResources(
                    Map.of(
                        "cpu", new Quantity("100m"),
                        "memory", new Quantity("128Mi"),
                        "ephemeral-storage", new Quantity("64Mi")),
                    Map.of(
                        "cpu", new Quantity("2"),
                        "memory", new Quantity("1Gi"),
                        "ephemeral-storage", new Quantity("4Gi"))),
                new IsolationSettings(
                    ranges(
                        "169.254.0.0/16",
                        "168.63.129.16/32",
                        "10.0.0.0/8",
                        "172.16.0.0/12",
                        "192.168.0.0/16",
                        "100.64.0.0/10",
                        "fe80::/10",
                        "fc00::/7"),
                    List.of(new DnsServer.Pods("kube-system", "k8s-app", "kube-dns", 53)),
                    List.of("169.254.169.254:80")),
                Optional.empty(),
                LogFormat.TEXT));
  }

  @Test
  void everyKey(@TempDir Path directory) throws Exception {
    // Given
    Path ca = Files.writeString(directory.resolve("ca.pem"), "PEM");
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put("ROUSE_SERVER_URL", "https://server/");
    environment.put("ROUSE_HANDS_RUNTIME", "volume");
    environment.put("ROUSE_CA_FILE", ca.toString());
    environment.put("ROUSE_NAMESPACE", "ours");
    environment.put("ROUSE_WATCH_NAMESPACES", "a, b,");
    environment.put("ROUSE_LEADER_ELECTION", "true");
    environment.put("ROUSE_BRAIN_UNREADY_AFTER", "PT1S");
    environment.put("ROUSE_HANDS_UNREADY_AFTER", "PT2S");
    environment.put("ROUSE_RESTART_BACKOFF_MIN", "PT3S");
    environment.put("ROUSE_RESTART_BACKOFF_MAX", "PT4S");
    environment.put("ROUSE_SECRET_RECHECK", "PT5S");
    environment.put("ROUSE_HEALTH_LISTEN", "127.0.0.1:0");
    environment.put("ROUSE_HANDS_REQUESTS", "cpu=1");
    environment.put("ROUSE_HANDS_LIMITS", "memory=3Gi, cpu=4");
    environment.put("ROUSE_SANDBOX_DENIED", "10.0.0.0/8,fc00::/7");
    environment.put(
        "ROUSE_SANDBOX_DNS",
        "openshift-dns/dns.operator.openshift.io/daemonset-dns=default:5353, 169.254.20.10/32,"
            + "fd00::a/128:5353");
    environment.put("ROUSE_SANDBOX_FORBIDDEN", "34.118.224.1:443,[fd00::1]:443,metadata:80");
    environment.put("ROUSE_METRICS_LISTEN", "0.0.0.0:9090");
    environment.put("ROUSE_LOG_FORMAT", "json");
    // When
    Settings settings = Settings.from(environment);
    // Then
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://server",
                "brain:1",
                "hands:1",
                Settings.HandsRuntime.VOLUME,
                ca,
                "ours",
                Set.of("a", "b"),
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Optional.of("127.0.0.1:0"),
                new HandsResources(
                    Map.of("cpu", new Quantity("1")),
                    Map.of("memory", new Quantity("3Gi"), "cpu", new Quantity("4"))),
                new IsolationSettings(
                    // What is forbidden and has an address is denied, too.
                    ranges("10.0.0.0/8", "fc00::/7", "34.118.224.1/32"),
                    List.of(
                        new DnsServer.Pods(
                            "openshift-dns",
                            "dns.operator.openshift.io/daemonset-dns",
                            "default",
                            5353),
                        new DnsServer.Addresses(new Cidr("169.254.20.10/32"), 53),
                        new DnsServer.Addresses(new Cidr("fd00::a/128"), 5353)),
                    List.of("34.118.224.1:443", "[fd00::1]:443", "metadata:80")),
                Optional.of("0.0.0.0:9090"),
                LogFormat.JSON));
  }

  @Test
  void whatIsSetToNothingIsEmpty() {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    for (String key : List.of("DENIED", "DNS", "FORBIDDEN")) {
      environment.put("ROUSE_SANDBOX_" + key, " ");
    }
    // When
    Settings settings = Settings.from(environment);
    // Then
    assertThat(settings.isolation())
        .isEqualTo(new IsolationSettings(List.of(), List.of(), List.of()));
  }

  @ParameterizedTest
  @CsvSource({"10.96.0.1, 10.96.0.1:443", "fd00:10:96::1, [fd00:10:96::1]:443"})
  void inAClusterItsApiServerIsForbidden(String host, String address) {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put("KUBERNETES_SERVICE_HOST", host);
    environment.put("KUBERNETES_SERVICE_PORT", "443");
    // When
    Settings settings = Settings.from(environment);
    // Then
    assertThat(settings.isolation().forbidden()).containsExactly(address, "169.254.169.254:80");
  }

  private static List<Cidr> ranges(String... ranges) {
    return Stream.of(ranges).map(Cidr::new).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROUSE_SERVER_URL", "ROUSE_BRAIN_IMAGE", "ROUSE_HANDS_IMAGE"})
  void aMissingKeyIsNamed(String key) {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put(key, " ");
    // When
    // Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.SettingsException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "ROUSE_BRAIN_UNREADY_AFTER, 15s",
    "ROUSE_HANDS_UNREADY_AFTER, PT0S",
    "ROUSE_SECRET_RECHECK, -PT1S",
    "ROUSE_LEADER_ELECTION, yes",
    "ROUSE_HANDS_RUNTIME, true",
    "ROUSE_HANDS_LIMITS, memory",
    "ROUSE_HANDS_LIMITS, memory=0",
    "ROUSE_HANDS_REQUESTS, cpu=few",
    "ROUSE_SANDBOX_DENIED, 10.0.0.0",
    "ROUSE_SANDBOX_DENIED, 10.0.0.1/8",
    "ROUSE_SANDBOX_DENIED, 10.0.0/8",
    "ROUSE_SANDBOX_DENIED, 10.0.0.0/33",
    "ROUSE_SANDBOX_DENIED, private",
    "ROUSE_SANDBOX_DNS, kube-dns",
    "ROUSE_SANDBOX_DNS, 10.96.0.10",
    "ROUSE_SANDBOX_FORBIDDEN, 10.96.0.1",
    "ROUSE_SANDBOX_FORBIDDEN, 10.96.0.1:0",
    "ROUSE_SANDBOX_FORBIDDEN, 10.96.0.999:80",
    "ROUSE_LOG_FORMAT, xml",
    "ROUSE_CA_FILE, /does/not/exist"
  })
  void aWrongValueIsNamedWithItsKey(String key, String value) {
    // Given
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put(key, value);
    // When
    // Then
    assertThatThrownBy(() -> Settings.from(environment))
        .isInstanceOf(Settings.SettingsException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value);
  }
}
