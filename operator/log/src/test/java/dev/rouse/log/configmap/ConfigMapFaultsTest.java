package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.AppendAnswer;
import dev.rouse.log.Decision;
import dev.rouse.log.Given;
import dev.rouse.log.LogException;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogSettings;
import dev.rouse.log.SessionLog;
import dev.rouse.log.SessionLogs;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Ids;
import dev.rouse.session.LogRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every write of the store fails once, in every way: nothing that was acknowledged is lost, nothing
 * stands twice, and in the end no object is left that the log does not name.
 */
class ConfigMapFaultsTest {

  private static final int APPENDS = 20;
  private static final ConfigMapSettings SMALL = new ConfigMapSettings(List.of(), 600, 2048, 3);

  private final AtomicLong names = new AtomicLong();

  @Tag("failure-1")
  @ParameterizedTest
  @EnumSource(FakeConfigMaps.Fault.class)
  void nothingAcknowledgedIsLostAndNothingStandsTwice(FakeConfigMaps.Fault fault) {
    int writes = run(Integer.MAX_VALUE / 2, fault);
    for (int n = 1; n <= writes + 1; n++) {
      run(n, fault);
    }
  }

  /** Appends with a fault at write {@code n}. @return how many writes there were */
  private int run(int n, FakeConfigMaps.Fault fault) {
    // Given
    FakeConfigMaps configMaps = new FakeConfigMaps();
    LogKey key = Given.key("default");
    Set<String> acknowledged = new HashSet<>();
    configMaps.fail(n, fault);
    Process process = new Process(configMaps, key);

    // When
    for (int i = 0; i < APPENDS; i++) {
      String id = "append-" + i;
      while (!acknowledged.contains(id)) {
        try {
          if (process.append(id, i % 10 == 9 ? 5000 : 250) instanceof AppendAnswer.Accepted) {
            acknowledged.add(id);
          }
        } catch (LogException e) {
          configMaps.heal();
          process = new Process(configMaps, key);
        }
        process.merge();
      }
    }
    configMaps.heal();
    int writes = configMaps.writes().size();

    // Then
    Process other = new Process(configMaps, key);
    List<LogRecord> records = other.log.read(0, Integer.MAX_VALUE).toList();
    List<String> ids = new ArrayList<>();
    records.forEach(record -> ids.add(((AgentEvent.ToolResult) record.event()).toolUseId()));
    assertThat(ids).as("fault %s at write %d", fault, n).doesNotHaveDuplicates().hasSize(APPENDS);
    for (int seq = 0; seq < records.size(); seq++) {
      assertThat(records.get(seq).seq()).isEqualTo(seq);
    }
    // Until then a merged segment of the dead might still be named.
    for (int i = 0; i <= SegmentObjects.MOST_MEANWHILE; i++) {
      other.append("later-" + i, 10);
    }
    other.sweep();
    Tail tail =
        LogObjects.readTail(key, configMaps.get("default", LogObjects.tailName(key)).orElseThrow());
    assertThat(configMaps.names())
        .as("objects after a sweep, fault %s at write %d", fault, n)
        .hasSize(1 + tail.named().size());
    return writes;
  }

  /** A server process, with a store and a merger whose steps the test takes itself. */
  private final class Process {
    final ConfigMaps configMaps;
    final LogKey key;
    final SessionLog log;
    final Merger merger;
    final Slots.Slot slot = new Slots.Slot();

    Process(ConfigMaps configMaps, LogKey key) {
      this.configMaps = configMaps;
      this.key = key;
      ConfigMapSettings lazy = new ConfigMapSettings(List.of(), 600, 2048, 1000);
      ConfigMapLogStore store =
          new ConfigMapLogStore(configMaps, lazy, this::name, List.of(), Runnable::run);
      this.log =
          new SessionLogs(store, LogSettings.DEFAULTS, Clock.systemUTC(), Ids.random()).of(key);
      Tails tails = new Tails(configMaps);
      this.merger =
          new Merger(
              configMaps,
              tails,
              new SegmentObjects(configMaps, this::name, 2048),
              SMALL,
              Runnable::run);
    }

    String name() {
      return "n" + names.incrementAndGet();
    }

    AppendAnswer append(String id, int bytes) {
      return log.append(
          id,
          null,
          state ->
              Decision.append(state, List.of(Given.result(id, Given.noise(bytes, state.head())))));
    }

    /** As the background does: failures are for the next time. */
    void merge() {
      try {
        merger.merge(key, slot);
      } catch (LogException e) {
        slot.littered.set(true);
      }
    }

    void sweep() {
      merger.sweep(key, slot);
    }
  }
}
