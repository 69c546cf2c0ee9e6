package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.LogTooNew;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store over ConfigMaps in memory: its layout, and what it does about objects gone wrong. */
class ConfigMapLogStoreTest extends LogStoreContract {

  private static final int ALL = Integer.MAX_VALUE;

  private final FakeConfigMaps configMaps = new FakeConfigMaps();
  private final AtomicLong names = new AtomicLong();
  private final ConfigMapLogStore store = newStore();
  private final ConfigMapLogStore other = newStore();

  private ConfigMapLogStore newStore() {
    return new ConfigMapLogStore(
        configMaps,
        ConfigMapSettings.DEFAULTS,
        () -> "n" + names.incrementAndGet(),
        List.of(),
        Thread::startVirtualThread);
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
    String name = "rouse-" + key.sessionUid();
    ConfigMap object = configMaps.get("default", name).orElseThrow();
    configMaps.tamper(
        "default/" + name,
        new ConfigMapBuilder(object)
            .editMetadata()
            .withResourceVersion("damaged")
            .endMetadata()
            .addToData("head", "7")
            .build());
  }

  private long grow(LogKey key, int commits, int bytes) {
    long head = store.head(key).seq();
    for (int i = 0; i < commits; i++) {
      Commit commit = Given.commit(head, "grow-" + head, Given.answer(Given.noise(bytes, head)));
      assertThat(store.append(key, head, commit)).isInstanceOf(AppendResult.Stored.class);
      head = commit.to();
    }
    return head;
  }

  private List<String> objects(LogKey key) {
    return configMaps.names().stream().filter(name -> name.contains(key.sessionUid())).toList();
  }

  @Test
  void anAppendIsOneUpdateOfTheTail() {
    // Given
    LogKey key = newKey();
    grow(key, 1, 10);
    int before = configMaps.writes().size();

    // When
    grow(key, 3, 10);

    // Then
    assertThat(configMaps.writes().subList(before, configMaps.writes().size()))
        .containsExactly(
            "update default/rouse-" + key.sessionUid(),
            "update default/rouse-" + key.sessionUid(),
            "update default/rouse-" + key.sessionUid());
  }

  @Test
  void segmentsAreMergedSoThatThereAreFewAndNoObjectIsLeftUnnamed() {
    // Given
    LogKey key = newKey();

    // When
    grow(key, 700, 2000);

    // Then
    await("segments are merged and old ones removed, while a few appends more are made")
        .untilAsserted(() -> {
          grow(key, 1, 10);
          Tail tail = tail(key);
          assertThat(tail.segments()).hasSizeLessThan(24);
          // One more may be there, for the next append to name.
          assertThat(objects(key)).hasSizeBetween(1 + tail.named().size(), 2 + tail.named().size());
        });
    List<Commit> commits = other.read(key, 0, ALL).toList();
    assertGapless(commits);
    assertThat(commits.getLast().to()).isEqualTo(store.head(key).seq());
  }

  @Test
  void theTailSaysItsHeadAndSizeInItsMetadata() {
    // Given
    LogKey key = newKey();

    // When
    grow(key, 5, 3000);

    // Then
    ConfigMap object = configMaps.get("default", "rouse-" + key.sessionUid()).orElseThrow();
    Head head = store.head(key);
    assertThat(object.getMetadata().getAnnotations())
        .containsEntry(LogObjects.HEAD, Long.toString(head.seq()))
        .containsEntry(LogObjects.BYTES, Long.toString(head.bytes()));
    assertThat(object.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getUid()).isEqualTo(key.sessionUid());
          assertThat(owner.getKind()).isEqualTo("Session");
          assertThat(owner.getBlockOwnerDeletion()).isFalse();
        });
  }

  @Test
  void whatPacksWellIsSealedBeforeEveryAppendPacksMuch() {
    // Given
    LogKey key = newKey();
    String zeros = "0".repeat(100_000);

    // When
    long head = -1;
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      store.append(key, head, Given.commit(head, "z" + i, Given.answer(zeros)));
      head++;
      open.add(Tails.looseBytes(key, tail(key)).length);
    }

    // Then
    assertThat(tail(key).segments()).hasSizeGreaterThan(2);
    assertThat(open).allMatch(bytes -> bytes <= 1024 * 1024);
    assertGapless(other.read(key, 0, ALL).toList());
  }

  @Test
  void aTailThatSomebodyChangedIsNamedAndLeftAlone() {
    // Given
    LogKey key = newKey();
    grow(key, 3, 10);
    String name = "default/rouse-" + key.sessionUid();
    ConfigMap object = configMaps.get("default", "rouse-" + key.sessionUid()).orElseThrow();
    List<ConfigMap> spoiled =
        List.of(
            new ConfigMapBuilder(object).withData(Map.of()).build(),
            new ConfigMapBuilder(object).addToData("head", "many").build(),
            new ConfigMapBuilder(object).addToData("head", "0").build(),
            new ConfigMapBuilder(object).addToData("head", "7").build(),
            new ConfigMapBuilder(object).addToData("segments", "[{}]").build(),
            new ConfigMapBuilder(object).addToBinaryData("records", "!").build(),
            new ConfigMapBuilder(object).addToBinaryData("records", flip(object)).build(),
            new ConfigMapBuilder(object).withBinaryData(Map.of()).build());

    for (ConfigMap bad : spoiled) {
      configMaps.tamper(name, bad);
      int writes = configMaps.writes().size();
      LogStore fresh = newStore();

      // When
      assertThatThrownBy(
              () -> {
                var _ = fresh.read(key, 0, ALL).toList();
                fresh.append(key, 2, Given.commit(2, "x", Given.message("x")));
              })
          // Then
          .isInstanceOf(LogCorrupt.class)
          .hasMessageContaining("ConfigMap " + name)
          .hasMessageContaining("delete the Session");
      assertThat(configMaps.writes()).hasSize(writes);
    }
  }

  @Test
  void anObjectOfTheLogsNameThatSomebodyElseMadeIsNamedAndNotTouched() {
    // Given
    LogKey key = newKey();
    configMaps.create(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(LogObjects.tailName(key))
            .endMetadata()
            .addToData("color", "blue")
            .build());
    int writes = configMaps.writes().size();

    // When
    assertThatThrownBy(() -> store.append(key, -1, Given.commit(-1, "a", Given.message("one"))))
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining("somebody else made it")
        .hasMessageContaining("delete that ConfigMap");
    assertThat(configMaps.writes()).hasSize(writes);
  }

  @Test
  void aSegmentThatSomebodyChangedOrRemovedIsNamed() {
    // Given
    LogKey key = newKey();
    while (grow(key, 1, 2000) < 12 || tail(key).segments().isEmpty()) {
      // A full tail is sealed beside the appends.
    }
    String segment =
        LogObjects.segmentName(key, tail(key).segments().getFirst().objects().getFirst());
    ConfigMap object = configMaps.get("default", segment).orElseThrow();

    // When
    configMaps.tamper(
        "default/" + segment,
        new ConfigMapBuilder(object).addToBinaryData("records", flip(object)).build());

    // Then
    assertThatThrownBy(() -> other.read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(segment);

    // When
    configMaps.vanish("default/" + segment);

    // Then
    assertThatThrownBy(() -> other.read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining("missing");
  }

  @Tag("failure-25")
  @Test
  void aNewerFormatIsRefusedAndNotTouched() {
    // Given
    LogKey key = newKey();
    grow(key, 1, 10);
    ConfigMap object = configMaps.get("default", "rouse-" + key.sessionUid()).orElseThrow();
    configMaps.tamper(
        "default/rouse-" + key.sessionUid(),
        new ConfigMapBuilder(object).addToData("format", "2").build());

    // When
    assertThatThrownBy(() -> other.head(key))
        // Then
        .isInstanceOf(LogTooNew.class)
        .hasMessageContaining("format 2");
  }

  private Tail tail(LogKey key) {
    return LogObjects.readTail(
        key, configMaps.get("default", "rouse-" + key.sessionUid()).orElseThrow());
  }

  private static String flip(ConfigMap object) {
    byte[] bytes = Base64.getDecoder().decode(object.getBinaryData().get("records"));
    bytes[bytes.length / 2] ^= 1;
    return Base64.getEncoder().encodeToString(bytes);
  }
}
