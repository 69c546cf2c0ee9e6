package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogKey;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A full tail is sealed beside the appends; each of them stays one update. */
class SealingTest {

  private static final ConfigMapSettings SMALL =
      new ConfigMapSettings(List.of(), 600, 64 * 1024, 1000);

  private final FakeConfigMaps configMaps = new FakeConfigMaps();
  private final AtomicLong names = new AtomicLong();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final ConfigMapLogStore store = newStore();
  private final ConfigMapLogStore other = newStore();
  private final LogKey key = Given.key("default");
  private long head = -1;

  /** What is for the background waits until the test runs it. */
  private ConfigMapLogStore newStore() {
    return new ConfigMapLogStore(
        configMaps, SMALL, () -> "n" + names.incrementAndGet(), List.of(), background::add);
  }

  private void append(ConfigMapLogStore to, int bytes) {
    Commit commit = Given.commit(head, "a-" + head, Given.answer(Given.noise(bytes, head)));
    assertThat(to.append(key, head, commit)).isInstanceOf(AppendResult.Stored.class);
    head = commit.to();
  }

  private void append(int bytes) {
    append(store, bytes);
  }

  /** The small commit that comes last makes a tail full that a large one alone would not. */
  private void fill() {
    append(900);
    append(10);
  }

  private void runBackground() {
    List.copyOf(background).forEach(Runnable::run);
    background.clear();
  }

  private Tail tail() {
    return LogObjects.readTail(
        key, configMaps.get("default", LogObjects.tailName(key)).orElseThrow());
  }

  private List<String> writesSince(int before) {
    return configMaps.writes().subList(before, configMaps.writes().size());
  }

  private String update() {
    return "update default/rouse-" + key.sessionUid();
  }

  private void assertWhole() {
    assertThat(store.read(key, 0, Integer.MAX_VALUE).map(Commit::from))
        .isEqualTo(LongStream.rangeClosed(0, head).boxed().toList());
    assertThat(newStore().read(key, 0, Integer.MAX_VALUE).map(Commit::from))
        .isEqualTo(LongStream.rangeClosed(0, head).boxed().toList());
  }

  @Test
  void anAppendToAFullTailIsOneUpdateWhetherOrNotItIsSealedYet() {
    // Given
    fill();
    int before = configMaps.writes().size();

    // When
    append(700);
    append(10);

    // Then
    assertThat(writesSince(before)).containsExactly(update(), update());
    assertThat(tail().segments()).isEmpty();
    assertWhole();
  }

  @Test
  void theNextAppendNamesWhatWasSealedInTheSameUpdate() {
    // Given
    fill();
    append(100);
    runBackground();
    int before = configMaps.writes().size();

    // When
    append(100);

    // Then
    assertThat(writesSince(before)).containsExactly(update());
    assertThat(tail().segments())
        .singleElement()
        .satisfies(segment -> assertThat(segment.to()).isEqualTo(1));
    assertThat(tail().openFrom()).isEqualTo(2);
    assertWhole();
  }

  @Test
  void whatAnotherServerSealedMeanwhileIsNotNamedTwiceAndTheOtherSegmentGoes() {
    // Given
    fill();
    append(other, 100);
    runBackground();
    append(other, 100);

    // When
    append(100);

    // Then
    assertThat(tail().segments()).hasSize(1);
    assertThat(configMaps.names()).hasSize(2);
    assertWhole();
  }

  @Test
  void aSegmentThatWasWrittenTooLongAgoIsNotNamed() {
    // Given
    fill();
    runBackground();
    for (int i = 0; i <= SegmentObjects.MOST_MEANWHILE; i++) {
      append(other, 1);
    }
    background.clear();

    // When
    append(1);

    // Then
    assertThat(tail().segments()).isEmpty();
    assertThat(configMaps.names()).hasSize(1);
    assertWhole();
  }

  @Test
  void aTailOfLargeCommitsHoldsSomeOfThemBeforeItIsSealed() {
    // Given
    append(700);

    // When
    append(700);
    append(700);

    // Then
    assertThat(tail().open().packed().length).isGreaterThan(SMALL.tailBytes());
    assertThat(background).isEmpty();
  }

  @Test
  void aTailThatGrowsFasterThanItIsSealedIsSealedByTheAppend() {
    // Given
    fill();

    // When
    for (int i = 0; i < 40; i++) {
      append(700);
    }

    // Then
    assertThat(tail().segments()).isNotEmpty();
    assertThat(tail().open().packed().length).isLessThanOrEqualTo(600 * 32);
    assertWhole();
  }

  @Test
  void aCommitTooLargeForATailGoesIntoASegmentOfItsOwn() {
    // Given
    append(100);
    int before = configMaps.writes().size();

    // When
    append(100_000);

    // Then
    assertThat(writesSince(before)).endsWith(update()).hasSize(3);
    assertThat(tail().open().isEmpty()).isTrue();
    assertWhole();
  }

  @Test
  void aLogThatIsDeletedWhileItIsSealedLeavesNothing() {
    // Given
    fill();

    // When
    store.delete(key);
    runBackground();

    // Then
    assertThat(configMaps.names()).isEmpty();
  }
}
