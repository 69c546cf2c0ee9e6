package dev.rouse.hands.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

  private static final Duration NO_PATIENCE = Duration.ZERO;

  @TempDir private Path directory;

  @Test
  void remembersEverythingWhenOpenedAgain() throws Exception {
    // Given
    String instance;
    try (Journal journal = open()) {
      instance = journal.instance();
      journal.raiseEpoch(3);
      journal.started("a", "bash", "hash-a");
      journal.done("a", outcome("done"));
      journal.started("b", "read", "hash-b");
      journal.cancelled("c");
    }

    // When
    try (Journal journal = open()) {

      // Then
      assertThat(journal.instance()).isEqualTo(instance).startsWith("hands_");
      assertThat(journal.epoch()).isEqualTo(3);
      assertThat(journal.past("a"))
          .hasValueSatisfying(past -> {
            assertThat(past).isInstanceOf(Past.Done.class);
            assertThat(((Past.Done) past).hash()).isEqualTo("hash-a");
          });
      assertThat(journal.outcome((Past.Done) journal.past("a").orElseThrow()))
          .isEqualTo(outcome("done"));
      assertThat(journal.past("b")).contains(new Past.Started("hash-b"));
      assertThat(journal.past("c")).contains(new Past.Cancelled());
      assertThat(journal.past("d")).isEmpty();
      assertThat(journal.hasStarted("bash")).isTrue();
      assertThat(journal.hasStarted("grep")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8_191, 8_193, 5_000_000, 20_000_000})
  void keepsResultsOfAnySize(int size) throws Exception {
    // Given
    Outcome outcome = outcome("ä".repeat(size));
    try (Journal journal = open()) {
      journal.started("a", "bash", "hash");
      journal.done("a", outcome);
    }

    // When
    try (Journal journal = open()) {
      Outcome read = journal.outcome((Past.Done) journal.past("a").orElseThrow());

      // Then
      assertThat(read.equals(outcome)).isTrue();
      assertThat(Files.size(directory.resolve("journal"))).isLessThan(100_000);
    }
  }

  @Test
  void blocksThatAreNotTextDoNotStandInTheJournal() throws Exception {
    // Given
    Map<String, JsonNode> fields = Map.of("source", TextNode.valueOf("x".repeat(100_000)));
    Outcome outcome =
        new Outcome(Outcome.Status.DONE, List.of(new ContentBlock.Other("image", fields)), false);

    // When
    try (Journal journal = open()) {
      journal.started("a", "bash", "hash");
      journal.done("a", outcome);

      // Then
      assertThat(directory.resolve("results/a.json")).exists();
      assertThat(Files.size(directory.resolve("journal"))).isLessThan(1_000);
      Outcome read = journal.outcome((Past.Done) journal.past("a").orElseThrow());
      assertThat(((ContentBlock.Other) read.content().getFirst()).fields()).isEqualTo(fields);
    }
  }

  @Test
  void aTornEntryIsForgottenAndTheRestStays() throws Exception {
    // Given
    String instance;
    try (Journal journal = open()) {
      instance = journal.instance();
      journal.started("a", "bash", "hash");
    }
    Files.writeString(
        directory.resolve("journal"), "0123abcd {\"type\":\"do", StandardOpenOption.APPEND);

    // When
    try (Journal journal = open()) {
      journal.cancelled("b");
    }

    // Then
    try (Journal journal = open()) {
      assertThat(journal.instance()).isEqualTo(instance);
      assertThat(journal.past("a")).contains(new Past.Started("hash"));
      assertThat(journal.past("b")).contains(new Past.Cancelled());
    }
  }

  @Test
  void aSecondHolderIsRefused() throws Exception {
    // Given
    try (Journal _ = open()) {

      // When, Then
      assertThatThrownBy(this::open)
          .isInstanceOf(JournalLockedException.class)
          .hasMessageContaining("end the former hands");
    }
  }

  @Test
  void aJournalOfANewerVersionIsNotTouched() throws Exception {
    // Given
    try (Journal journal = open()) {
      journal.raiseEpoch(1);
    }
    byte[] newer = "{\"type\":\"opened\",\"format\":2,\"instance\":\"hands_x\"}".getBytes();
    FaultyDisk disk = new FaultyDisk();
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      lines.append(newer);
    }
    Files.write(directory.resolve("journal"), disk.bytes());

    // When, Then
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageContaining("format 2");
    assertThat(Files.readAllBytes(directory.resolve("journal"))).isEqualTo(disk.bytes());
  }

  @Test
  void aStartThatCannotBeWrittenNeverHappened() throws Exception {
    // Given
    FaultyDisk disk = new FaultyDisk();
    try (Journal journal = open(disk)) {
      disk.room = disk.size() + 20;

      // When
      assertThatThrownBy(() -> journal.started("a", "bash", "hash"))
          .isInstanceOf(JournalFullException.class);

      // Then
      assertThat(journal.past("a")).isEmpty();
      assertThat(journal.hasStarted("bash")).isFalse();
    }
  }

  @Test
  void anEndIsWrittenFromTheReserveAndNothingNewStartsWithoutOne() throws Exception {
    // Given
    FaultyDisk disk = new FaultyDisk();
    Path reserve = directory.resolve("reserve");
    try (Journal journal = open(disk)) {
      journal.started("a", "bash", "hash");
      assertThat(reserve).hasSize(1024 * 1024);
      disk.roomWhileExists(reserve);

      // When
      journal.done("a", outcome("done"));

      // Then
      assertThat(journal.past("a").orElseThrow()).isInstanceOf(Past.Done.class);
      assertThat(reserve).doesNotExist();
      Files.createDirectory(reserve);
      assertThatThrownBy(() -> journal.started("b", "bash", "hash"))
          .isInstanceOf(JournalFullException.class)
          .hasMessageContaining("make room");
      assertThat(journal.past("b")).isEmpty();
    }
  }

  @Test
  void opensFastWithThousandsOfEntries() throws Exception {
    // Given
    Random random = new Random(1);
    FaultyDisk disk = new FaultyDisk();
    disk.fast = true;
    try (Journal journal = open(disk)) {
      for (int i = 0; i < 5_000; i++) {
        journal.started("toolu_" + i, "bash", "h".repeat(64));
        journal.done("toolu_" + i, outcome("x".repeat(random.nextInt(2_000))));
      }
    }
    Files.write(directory.resolve("journal"), disk.bytes());

    // When
    // Processor time, so that a busy machine does not fail it
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    try (Journal journal = open()) {
      long millis = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;

      // Then
      assertThat(journal.outcome((Past.Done) journal.past("toolu_4999").orElseThrow()).status())
          .isEqualTo(Outcome.Status.DONE);
      assertThat(millis).isLessThan(1_000);
    }
  }

  private Journal open() throws IOException {
    return Journal.open(directory, Ids.random(), NO_PATIENCE);
  }

  private Journal open(Disk disk) throws IOException {
    JournalLock lock = JournalLock.take(directory.resolve("lock"), NO_PATIENCE);
    return Journal.open(directory, Ids.random(), lock, disk);
  }

  private static Outcome outcome(String text) {
    return new Outcome(Outcome.Status.DONE, List.of(ContentBlock.text(text)), false);
  }
}
