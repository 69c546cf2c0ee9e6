package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.LogSettings;
import dev.rouse.server.http.TlsFiles;
import dev.rouse.server.keeper.SessionKeeper.Pace;
import dev.rouse.server.tls.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins every key and every default: both are API. */
class ServerConfigTest {

  @Test
  void defaults() {
    assertThat(ServerConfig.of(Map.of()))
        .isEqualTo(
            new ServerConfig(
                "0.0.0.0",
                8443,
                new Tls.Self(List.of()),
                "rouse-system",
                List.of(),
                new Pace(Duration.ofSeconds(10), Duration.ofSeconds(5)),
                LogSettings.DEFAULTS,
                new Store.ConfigMaps(),
                null));
  }

  @Test
  void everyKey() {
    // Given
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("ROUSE_LISTEN", "[::1]:9"),
            Map.entry("ROUSE_TLS_CERT", "/tls/tls.crt"),
            Map.entry("ROUSE_TLS_KEY", "/tls/tls.key"),
            Map.entry("ROUSE_METRICS_LISTEN", "0.0.0.0:9090"),
            Map.entry("ROUSE_LOG_FORMAT", "json"),
            Map.entry("ROUSE_NAMESPACE", "rouse"),
            Map.entry("ROUSE_WATCH_NAMESPACES", "team-a, team-b,"),
            Map.entry("ROUSE_RECHECK", "PT1S"),
            Map.entry("ROUSE_STATUS_EVERY", "PT2S"),
            Map.entry("ROUSE_LOG_BYTES", "1"),
            Map.entry("ROUSE_LOG_TOTAL_BYTES", "2"),
            Map.entry("ROUSE_LOG_RESERVE_BYTES", "3"));
    // When
    ServerConfig config = ServerConfig.of(environment);
    // Then
    assertThat(config)
        .isEqualTo(
            new ServerConfig(
                "::1",
                9,
                new Tls.Files(new TlsFiles(Path.of("/tls/tls.crt"), Path.of("/tls/tls.key")), null),
                "rouse",
                List.of("team-a", "team-b"),
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2)),
                new LogSettings(
                    1,
                    2,
                    3,
                    LogSettings.DEFAULTS.maxOpenLogs(),
                    LogSettings.DEFAULTS.maxOpenBytes()),
                new Store.ConfigMaps(),
                "0.0.0.0:9090"));
  }

  @Test
  void anEmptyValueIsAsGoodAsNone() {
    assertThat(ServerConfig.of(Map.of("ROUSE_LISTEN", "", "ROUSE_NAMESPACE", " ")))
        .isEqualTo(ServerConfig.of(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "ROUSE_LISTEN,8443",
    "ROUSE_LISTEN,host:port",
    "ROUSE_METRICS_LISTEN,9090",
    "ROUSE_LOG_FORMAT,xml",
    "ROUSE_RECHECK,10s",
    "ROUSE_RECHECK,PT0S",
    "ROUSE_STATUS_EVERY,-PT1S",
    "ROUSE_LOG_BYTES,0",
    "ROUSE_LOG_TOTAL_BYTES,1Gi",
    "ROUSE_LOG_RESERVE_BYTES,x",
    "ROUSE_TLS_CERT,/tls/tls.crt",
    "ROUSE_TLS_KEY,/tls/tls.key",
    "ROUSE_TLS_CA,/tls/ca.crt",
    "ROUSE_TLS,on",
    "ROUSE_STORE,etcd",
    "ROUSE_STORE_PATH,/var/lib/rouse",
    "ROUSE_STORE_URL,jdbc:postgresql://db/rouse",
    "ROUSE_STORE_USER,rouse",
    "ROUSE_STORE_PASSWORD_FILE,/etc/rouse/password",
    "ROUSE_STORE_CONNECTIONS,8",
    "ROUSE_TLS_NAMES,not a name"
  })
  void namesTheKeyThatIsWrong(String key, String value) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @Test
  void theCertificateIsMadeForMoreNamesWhereTheyAreGiven() {
    // When
    ServerConfig config =
        ServerConfig.of(
            Map.of("ROUSE_TLS", "self", "ROUSE_TLS_NAMES", "rouse.example.com, 10.0.0.1,fd00::1"));
    // Then
    assertThat(config.tls())
        .isEqualTo(new Tls.Self(List.of("rouse.example.com", "10.0.0.1", "fd00::1")));
  }

  @Test
  void theCaOfFilesIsPublishedWhereItIsNamed() {
    // When
    ServerConfig config =
        ServerConfig.of(
            Map.of(
                "ROUSE_TLS_CERT", "/tls/tls.crt",
                "ROUSE_TLS_KEY", "/tls/tls.key",
                "ROUSE_TLS_CA", "/tls/ca.crt"));
    // Then
    assertThat(config.tls())
        .isEqualTo(
            new Tls.Files(
                new TlsFiles(Path.of("/tls/tls.crt"), Path.of("/tls/tls.key")),
                Path.of("/tls/ca.crt")));
  }

  @Test
  void logsInADatabaseHaveOtherLimits() {
    // When
    ServerConfig config =
        ServerConfig.of(Map.of("ROUSE_STORE", "sqlite", "ROUSE_STORE_PATH", "/var/lib/rouse"));
    // Then
    assertThat(config.store()).isEqualTo(new Store.Sqlite(Path.of("/var/lib/rouse")));
    assertThat(config.logs()).isEqualTo(LogSettings.DATABASE);
  }

  @Test
  void everyKeyOfPostgres() {
    // Given
    Map<String, String> environment =
        Map.of(
            "ROUSE_STORE", "postgres",
            "ROUSE_STORE_URL", "jdbc:postgresql://db:5432/rouse?sslmode=verify-full",
            "ROUSE_STORE_USER", "rouse",
            "ROUSE_STORE_PASSWORD_FILE", "/etc/rouse/password",
            "ROUSE_STORE_CONNECTIONS", "8",
            "ROUSE_LOG_TOTAL_BYTES", "5");
    // When
    ServerConfig config = ServerConfig.of(environment);
    // Then
    assertThat(config.store())
        .isEqualTo(
            new Store.Postgres(
                "jdbc:postgresql://db:5432/rouse?sslmode=verify-full",
                "rouse",
                Path.of("/etc/rouse/password"),
                8));
    assertThat(config.store().outlivesSessions()).isTrue();
    assertThat(config.logs().maxLogBytes()).isEqualTo(LogSettings.DATABASE.maxLogBytes());
    assertThat(config.logs().maxTotalBytes()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1001", "many", "-2"})
  void connectionsAreCounted(String count) {
    // Given
    Map<String, String> environment =
        Map.of(
            "ROUSE_STORE", "postgres",
            "ROUSE_STORE_URL", "jdbc:postgresql://db/rouse",
            "ROUSE_STORE_USER", "rouse",
            "ROUSE_STORE_CONNECTIONS", count);
    // When
    assertThatThrownBy(() -> ServerConfig.of(environment))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ROUSE_STORE_CONNECTIONS must be a number from 2 to 1000");
  }

  @Test
  void theFewestKeysOfPostgres() {
    // Given
    Map<String, String> environment =
        Map.of(
            "ROUSE_STORE", "postgres",
            "ROUSE_STORE_URL", "jdbc:postgresql://db/rouse",
            "ROUSE_STORE_USER", "rouse");
    // When
    Store store = ServerConfig.of(environment).store();
    // Then
    assertThat(store)
        .isEqualTo(new Store.Postgres("jdbc:postgresql://db/rouse", "rouse", null, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "user=rouse",
    "ssl=true&password=x",
    "sslpassword=x",
    "sslmode=require&USER=x",
  })
  void secretsDoNotBelongIntoTheUrl(String parameters) {
    // Given
    Map<String, String> environment =
        Map.of(
            "ROUSE_STORE", "postgres",
            "ROUSE_STORE_URL", "jdbc:postgresql://db/rouse?" + parameters,
            "ROUSE_STORE_USER", "rouse");
    // When
    assertThatThrownBy(() -> ServerConfig.of(environment))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ROUSE_STORE_PASSWORD_FILE");
  }

  @ParameterizedTest
  @CsvSource({
    "sqlite,ROUSE_STORE_URL,jdbc:postgresql://db/rouse,ROUSE_STORE_URL",
    "sqlite,ROUSE_STORE_USER,rouse,ROUSE_STORE_USER",
    "sqlite,ROUSE_STORE_CONNECTIONS,8,ROUSE_STORE_CONNECTIONS",
    "sqlite,ROUSE_NAMESPACE,rouse,ROUSE_STORE_PATH",
    "configmap,ROUSE_STORE_PATH,/data,ROUSE_STORE_PATH",
    "postgres,ROUSE_STORE_PATH,/data,ROUSE_STORE_PATH",
    "postgres,ROUSE_STORE_USER,rouse,ROUSE_STORE_URL",
    "postgres,ROUSE_STORE_URL,jdbc:postgresql://db/rouse,ROUSE_STORE_USER",
    "postgres,ROUSE_STORE_URL,postgres://db/rouse,jdbc:postgresql:",
    "etcd,ROUSE_NAMESPACE,rouse,'configmap, sqlite or postgres'"
  })
  void aStoreHasItsOwnSettingsAndNoOthers(String store, String key, String value, String named) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("ROUSE_STORE", store, key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  void plainHttpMustBeAskedFor() {
    assertThat(ServerConfig.of(Map.of("ROUSE_TLS", "off")).tls()).isEqualTo(new Tls.Off());
  }

  @ParameterizedTest
  @CsvSource({
    "off,ROUSE_TLS_CERT,/tls/tls.crt",
    "self,ROUSE_TLS_KEY,/tls/tls.key",
    "off,ROUSE_TLS_NAMES,rouse.example.com",
    "files,ROUSE_TLS_NAMES,rouse.example.com"
  })
  void settingsThatContradictEachOtherAreNotGuessedAt(String mode, String key, String value) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("ROUSE_TLS", mode, key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ROUSE_TLS");
  }
}
