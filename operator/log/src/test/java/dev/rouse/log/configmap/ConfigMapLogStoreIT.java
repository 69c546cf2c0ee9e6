package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogChange;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.Subscription;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

  @Test
  void aThousandEventsAreReadBackFast() {
    // Given
    LogKey key = newKey();
    for (int i = 0; i < 1000; i += 4) {
      store.append(
          key,
          i - 1,
          Given.commit(
              i - 1,
              "a" + i,
              Given.message("m" + i),
              Given.answer(Given.noise(400, i)),
              Given.answer(Given.noise(300, i + 1)),
              Given.answer("done")));
    }
    long began = System.nanoTime();

    // When
    List<Commit> commits = other.read(key, 0, ALL).toList();

    // Then
    long millis = (System.nanoTime() - began) / 1_000_000;
    assertThat(commits).hasSize(250);
    assertThat(millis).as("milliseconds to replay 1,000 events").isLessThan(2000);
    System.out.println("replay of 1,000 events from ConfigMaps: " + millis + " ms");
  }
}
