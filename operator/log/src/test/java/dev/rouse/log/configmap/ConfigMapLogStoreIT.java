package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Commit;
import dev.rouse.log.Decision;
import dev.rouse.log.Given;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogSettings;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.log.Subscription;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store on a real API server and etcd. */
class ConfigMapLogStoreIT extends LogStoreContract {

  private static final int ALL = Integer.MAX_VALUE;
  private static final ApiServer SERVER = new ApiServer();

  private static KubernetesClient client;
  private static KubernetesClient otherClient;
  private static ConfigMapLogStore store;
  private static ConfigMapLogStore other;

  @BeforeAll
  static void start() {
    SERVER.start();
    client = SERVER.client();
    otherClient = new KubernetesClientBuilder().withConfig(client.getConfiguration()).build();
    store = new ConfigMapLogStore(client, ConfigMapSettings.DEFAULTS, Ids.random());
    other = new ConfigMapLogStore(otherClient, ConfigMapSettings.DEFAULTS, Ids.random());
  }

  @AfterAll
  static void stop() {
    store.close();
    other.close();
    otherClient.close();
    SERVER.stop();
  }

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogStore otherStore() {
    return other;
  }

  @Override
  protected LogKey newKey() {
    return Given.key("default");
  }

  @Override
  protected void damage(LogKey key) {
    client
        .configMaps()
        .inNamespace("default")
        .withName(LogObjects.tailName(key))
        .edit(object -> new ConfigMapBuilder(object).addToData("head", "7").build());
  }

  @Override
  protected int appendsPerThread() {
    return 25;
  }

  @Test
  void deletingTheLogLeavesNoObject() {
    // Given
    LogKey key = newKey();
    long head = -1;
    for (int i = 0; i < 30; i++) {
      Commit commit = Given.commit(head, "a" + i, Given.answer(Given.noise(3000, i)));
      store.append(key, head, commit);
      head = commit.to();
    }

    // When
    store.delete(key);

    // Then
    await("no object of the log is left, merges under way included")
        .untilAsserted(() ->
            assertThat(
                    client
                        .configMaps()
                        .inNamespace("default")
                        .withLabel(LogObjects.LOG, key.sessionUid())
                        .list()
                        .getItems())
                .isEmpty());
  }

  @Test
  void othersHearOfChangesFromMetadataAlone() {
    // Given
    LogKey key = newKey();
    List<LogChange> changes = new CopyOnWriteArrayList<>();
    Subscription subscription =
        other.follow(change -> {
          if (change.sessionUid().equals(key.sessionUid())) {
            changes.add(change);
          }
        });

    // When
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    store.append(key, 0, Given.commit(0, "b", Given.message("two"), Given.answer("three")));
    long bytes = store.head(key).bytes();

    // Then
    await("the head comes by")
        .untilAsserted(() ->
            assertThat(changes)
                .last()
                .isEqualTo(new LogChange("default", key.sessionUid(), 2, false)));
    assertThat(other.totalBytes()).isGreaterThanOrEqualTo(bytes);

    // When
    store.delete(key);

    // Then
    await("the end comes by")
        .untilAsserted(() ->
            assertThat(changes)
                .last()
                .isEqualTo(new LogChange("default", key.sessionUid(), -1, true)));
    subscription.close();
  }

  @Tag("failure-20")
  @Test
  void whatIsOnlyLabelledLikeALogIsNoNews() {
    // Given
    LogKey key = newKey();
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    long bytes = store.head(key).bytes();
    List<LogChange> changes = new CopyOnWriteArrayList<>();
    try (ConfigMapLogStore watching =
            new ConfigMapLogStore(
                otherClient,
                ConfigMapSettings.DEFAULTS.watching(List.of("default")),
                Ids.random());
        Subscription subscription =
            watching.follow(change -> {
              if (change.sessionUid().equals(key.sessionUid())) {
                changes.add(change);
              }
            })) {
      await("the log is known").until(() -> !changes.isEmpty());
      long total = watching.totalBytes();
      ConfigMap foreign =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("default")
              .withName("somebody-elses")
              .addToLabels(LogObjects.LOG, key.sessionUid())
              .addToLabels(LogObjects.PART, LogObjects.TAIL)
              .addToAnnotations(LogObjects.HEAD, "1000000")
              .addToAnnotations(LogObjects.BYTES, "1000000000000")
              .endMetadata()
              .build();

      // When
      otherClient.configMaps().resource(foreign).create();
      otherClient.configMaps().resource(foreign).delete();
      store.append(key, 0, Given.commit(0, "b", Given.message("two")));

      // Then
      await("the log's own change comes by")
          .untilAsserted(() -> assertThat(changes).last().returns(1L, LogChange::head));
      assertThat(changes).extracting(LogChange::head).doesNotContain(1_000_000L);
      assertThat(changes).noneMatch(LogChange::deleted);
      assertThat(watching.totalBytes()).isLessThan(total + bytes + 1_000_000L);
    }
  }

  @Test
  void aWatchThatBeginsLateHearsOfWhatIsThere() {
    // Given
    LogKey key = newKey();
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    Map<String, Long> heads = new ConcurrentHashMap<>();

    // When
    try (ConfigMapLogStore late =
        new ConfigMapLogStore(
            otherClient, ConfigMapSettings.DEFAULTS.watching(List.of("default")), Ids.random())) {
      Subscription subscription =
          late.follow(change -> heads.put(change.sessionUid(), change.head()));

      // Then
      await("the log is known")
          .untilAsserted(() -> assertThat(heads).containsEntry(key.sessionUid(), 0L));
      subscription.close();
    }
  }

  @ParameterizedTest
  @EnumSource(LossyProxy.Loss.class)
  void aWriteThatTheNetworkLosesIsStoredOnce(LossyProxy.Loss loss) throws Exception {
    // Given
    try (LossyProxy proxy = new LossyProxy(client.getConfiguration());
        KubernetesClient lossy = proxy.client()) {
      for (int n = 1; n <= 8; n++) {
        LogKey key = newKey();
        Ids ids = Ids.random();
        ConfigMapLogStore overProxy =
            new ConfigMapLogStore(
                new KubernetesConfigMaps(lossy),
                new ConfigMapSettings(List.of(), 600, 2048, 1000),
                () -> ids.next("s").substring(2).toLowerCase(Locale.ROOT),
                List.of(),
                Runnable::run);
        SessionLog log =
            new SessionLogs(overProxy, LogSettings.DEFAULTS, Clock.systemUTC(), ids).of(key);
        proxy.lose(n, loss);

        // When
        List<String> appended = IntStream.range(0, 8).mapToObj(i -> "append-" + i).toList();
        for (String id : appended) {
          AppendAnswer answer = append(log, id);
          assertThat(answer).isInstanceOf(AppendAnswer.Accepted.class);
        }

        // Then
        assertThat(proxy.lost()).as("writes lost").isEqualTo(1);
        other.head(key);
        assertThat(appendIds(other.read(key, 0, ALL).toList())).containsExactlyElementsOf(appended);
      }
    }
  }

  /** As a client does: what failed without effect is asked again with the same append id. */
  private static AppendAnswer append(SessionLog log, String id) {
    for (int attempt = 0; ; attempt++) {
      try {
        return log.append(
            id,
            null,
            state ->
                Decision.append(
                    state, List.of(Given.result(id, Given.noise(500, state.head() + 2)))));
      } catch (LogException e) {
        if (attempt == 3 || !e.isRetryable()) {
          throw e;
        }
      }
    }
  }
}
