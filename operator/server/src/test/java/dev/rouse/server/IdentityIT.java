package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.api.Rouse;
import dev.rouse.api.WireIds;
import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.KeyGrant;
import dev.rouse.log.configmap.ConfigMapLogStore;
import dev.rouse.log.configmap.ConfigMapSettings;
import dev.rouse.server.auth.Access;
import dev.rouse.server.auth.ApiKeyReviews;
import dev.rouse.server.auth.Identity;
import dev.rouse.server.auth.KubernetesReviews;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.http.CertificateSource.Content;
import dev.rouse.server.tls.SelfMade;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** API keys and the self-made certificate on a real API server, with the shipped rights. */
class IdentityIT {

  private static RealCluster cluster;

  private KubernetesClient client;
  private Reviews reviews;
  private String team;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = RealCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    client = cluster.serverClient();
    reviews =
        new ApiKeyReviews(
            client, RealCluster.SYSTEM, new KubernetesReviews(client), Clock.systemUTC());
    team = cluster.team();
    cluster.reader(team);
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.admin().secrets().inNamespace(RealCluster.SYSTEM).withName(Rouse.TLS_SECRET).delete();
    cluster
        .admin()
        .configMaps()
        .inNamespace(RealCluster.SYSTEM)
        .withName(Rouse.CA_CONFIG_MAP)
        .delete();
  }

  private ApiKey key(Instant expires) {
    ServiceAccount account = account();
    ApiKey key = ApiKey.random(new SecureRandom());
    KeyGrant grant =
        new KeyGrant(
            key.hash(),
            team,
            "reader",
            account.getMetadata().getUid(),
            Instant.now(),
            expires,
            "test");
    cluster.admin().resource(grant.toSecret(RealCluster.SYSTEM)).create();
    return key;
  }

  private ServiceAccount account() {
    return cluster.admin().serviceAccounts().inNamespace(team).withName("reader").get();
  }

  @Test
  void a_key_is_its_service_account_in_name_groups_and_rights() {
    // Given
    ApiKey key = key(null);
    // When
    Identity identity = reviews.identify(key.text(), Rouse.AUDIENCE).orElseThrow();
    // Then it is whom the API server sees behind a token of the same account
    Identity token =
        reviews
            .identify(cluster.token(team, "reader", Rouse.AUDIENCE), Rouse.AUDIENCE)
            .orElseThrow();
    assertThat(identity.username()).isEqualTo(token.username());
    assertThat(identity.uid()).isEqualTo(token.uid());
    assertThat(identity.groups()).containsExactlyInAnyOrderElementsOf(token.groups());
    assertThat(identity.namespace()).contains(team);
    assertThat(reviews.allows(identity, new Access(team, "get", "sessions", null, null))).isTrue();
    assertThat(reviews.allows(identity, new Access(team, "delete", "sessions", null, null)))
        .isFalse();
    assertThat(reviews.allows(identity, new Access("default", "get", "sessions", null, null)))
        .isFalse();
  }

  @Test
  void a_key_ends_with_its_secret_its_time_and_its_account() {
    // Given
    ApiKey revoked = key(null);
    ApiKey expired = key(Instant.now().minusSeconds(1));
    ApiKey orphaned = key(null);
    assertThat(reviews.identify(revoked.text(), Rouse.AUDIENCE)).isPresent();
    assertThat(reviews.identify(orphaned.text(), Rouse.AUDIENCE)).isPresent();
    // When
    cluster
        .admin()
        .secrets()
        .inNamespace(RealCluster.SYSTEM)
        .withName(revoked.secretName())
        .delete();
    // Then
    assertThat(reviews.identify(revoked.text(), Rouse.AUDIENCE)).isEmpty();
    assertThat(reviews.identify(expired.text(), Rouse.AUDIENCE)).isEmpty();
    // When another account gets the name
    cluster.admin().resource(account()).delete();
    assertThat(reviews.identify(orphaned.text(), Rouse.AUDIENCE)).isEmpty();
    cluster.account(team, "reader");
    // Then
    assertThat(reviews.identify(orphaned.text(), Rouse.AUDIENCE)).isEmpty();
  }

  @Test
  void a_key_is_no_brain_and_a_brain_is_no_person() {
    // Given
    ApiKey key = key(null);
    Pod pod = cluster.pod(team, "some-brain");
    // When
    String brain = cluster.brainToken(pod);
    // Then
    assertThat(reviews.identify(key.text(), Rouse.BRAIN_AUDIENCE)).isEmpty();
    assertThat(reviews.identify(brain, Rouse.AUDIENCE)).isEmpty();
    assertThat(reviews.identify(brain, Rouse.BRAIN_AUDIENCE)).isPresent();
  }

  @Test
  void a_secret_that_is_no_grant_opens_nothing() {
    // Given a Secret of the right name that somebody wrote by hand
    ApiKey key = ApiKey.random(new SecureRandom());
    KeyGrant grant =
        new KeyGrant(
            key.hash(), team, "reader", account().getMetadata().getUid(), Instant.now(), null, "");
    Secret forged =
        new SecretBuilder(grant.toSecret(RealCluster.SYSTEM)).withType("Opaque").build();
    cluster.admin().resource(forged).create();
    // When
    // Then
    assertThat(reviews.identify(key.text(), Rouse.AUDIENCE)).isEmpty();
  }

  @Test
  void servers_that_start_at_once_agree_on_one_certificate() throws Exception {
    // Given
    List<Callable<Content>> starts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      SelfMade server = source(Clock.systemUTC(), List.of());
      starts.add(server::read);
    }
    // When
    List<Content> served = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Content> each : threads.invokeAll(starts)) {
        served.add(each.get());
      }
    }
    // Then
    assertThat(served).containsOnly(served.getFirst());
    Secret secret = secret();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(ca()).startsWith("-----BEGIN CERTIFICATE-----").doesNotContain("PRIVATE");
  }

  @Test
  void a_certificate_is_renewed_in_time_and_the_other_server_follows() throws Exception {
    // Given
    MovableClock clock = new MovableClock();
    SelfMade first = source(clock, List.of());
    SelfMade second = source(clock, List.of());
    Content before = first.read();
    assertThat(second.read()).isEqualTo(before);
    String ca = ca();
    // When
    clock.forward(Duration.ofDays(61));
    Content after = second.read();
    // Then
    assertThat(after).isNotEqualTo(before);
    assertThat(first.read()).isEqualTo(after);
    assertThat(ca()).isEqualTo(ca);
  }

  @Test
  void a_certificate_of_somebody_else_is_served_and_left_alone() throws Exception {
    // Given
    MovableClock clock = new MovableClock();
    source(clock, List.of()).read();
    Secret foreign = secret();
    foreign.getData().remove("ca.key");
    foreign = cluster.admin().resource(foreign).update();
    clock.forward(Duration.ofDays(89));
    // When
    source(clock, List.of("other.example.com")).read();
    // Then
    assertThat(secret().getMetadata().getResourceVersion())
        .isEqualTo(foreign.getMetadata().getResourceVersion());
  }

  @Test
  void the_ca_is_published_again_when_it_was_removed() throws Exception {
    // Given
    MovableClock clock = new MovableClock();
    SelfMade source = source(clock, List.of());
    source.read();
    String ca = ca();
    cluster
        .admin()
        .configMaps()
        .inNamespace(RealCluster.SYSTEM)
        .withName(Rouse.CA_CONFIG_MAP)
        .delete();
    // When
    clock.forward(Duration.ofHours(2));
    source.read();
    // Then
    assertThat(ca()).isEqualTo(ca);
  }

  @Tag("contract-key-headers")
  @Test
  void a_whole_server_makes_its_certificate_and_takes_a_key_in_either_header() throws Exception {
    // Given
    String uid = cluster.session(team, "review", "hello");
    ApiKey key = key(null);
    ServerConfig config = ServerConfig.of(Map.of("ROUSE_LISTEN", "127.0.0.1:0"));
    try (ConfigMapLogStore store =
            new ConfigMapLogStore(client, ConfigMapSettings.DEFAULTS, Ids.random());
        Server server = Server.start(client, store, config, Clock.systemUTC());
        HttpClient http = HttpClient.newBuilder().sslContext(trusting(ca())).build()) {
      await("the server is ready").until(server::isReady);
      URI session =
          URI.create(
              "https://localhost:%d/v1/sessions/%s".formatted(server.port(), WireIds.session(uid)));
      await("the session has begun")
          .atMost(Duration.ofSeconds(30))
          .until(() -> get(http, session, "x-api-key", key.text()).statusCode() == 200);
      // When
      HttpResponse<String> bearer = get(http, session, "authorization", "Bearer " + key.text());
      HttpResponse<String> brain =
          get(http, session, "x-api-key", cluster.brainToken(cluster.pod(team, "a-brain")));
      HttpResponse<String> cluster =
          get(http, session, "x-api-key", IdentityIT.cluster.token(team, "reader", null));
      // Then
      assertThat(bearer.statusCode()).isEqualTo(200);
      assertThat(bearer.headers().firstValue("anthropic-workspace-id")).contains(team);
      assertThat(brain.statusCode()).isEqualTo(401);
      assertThat(brain.body()).contains("a brain's");
      assertThat(cluster.statusCode()).isEqualTo(401);
      assertThat(cluster.body()).contains("--audience=rouse");
    }
  }

  private static HttpResponse<String> get(HttpClient http, URI uri, String name, String value)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri).header(name, value).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private SelfMade source(Clock clock, List<String> names) {
    return new SelfMade(client, RealCluster.SYSTEM, names, clock);
  }

  private static Secret secret() {
    return cluster
        .admin()
        .secrets()
        .inNamespace(RealCluster.SYSTEM)
        .withName(Rouse.TLS_SECRET)
        .get();
  }

  private static String ca() {
    return cluster
        .admin()
        .configMaps()
        .inNamespace(RealCluster.SYSTEM)
        .withName(Rouse.CA_CONFIG_MAP)
        .get()
        .getData()
        .get(Rouse.CA_KEY);
  }

  private static SSLContext trusting(String pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
