package dev.rouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rouse.api.probe.Meters;
import dev.rouse.api.probe.Scrape;
import dev.rouse.log.Given;
import dev.rouse.log.Head;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.OutcomeUnknown;
import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeteredStoreTest {

  private static final String APPENDS =
      "rouse_log_append_seconds_count{outcome=\"%s\",store=\"memory\"}";
  private static final String READS = "rouse_log_read_seconds_count{store=\"memory\",what=\"%s\"}";

  private final Meters meters = new Meters();
  private final InMemoryLogStore kept = new InMemoryLogStore();
  private final MeteredStore store = new MeteredStore(kept, "memory", meters);
  private final LogKey key = Given.key("team-a");

  @AfterEach
  void close() {
    meters.close();
  }

  private double value(String series, String label) {
    return Scrape.of(meters.scrape()).value(series.formatted(label));
  }

  @Test
  void everyAppendIsTimedByWhatBecameOfIt() {
    // Given
    kept.failAppend(3, Failure.UNAVAILABLE).failAppend(4, Failure.LOST_AFTER);
    // When
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    store.append(key, 5, Given.commit(5, "b", Given.message("two")));
    Throwable failed =
        catchThrowable(() -> store.append(key, 0, Given.commit(0, "c", Given.message("three"))));
    Throwable unknown =
        catchThrowable(() -> store.append(key, 0, Given.commit(0, "d", Given.message("four"))));
    // Then
    assertThat(failed).isInstanceOf(LogUnavailable.class);
    assertThat(unknown).isInstanceOf(OutcomeUnknown.class);
    assertThat(value(APPENDS, "stored")).isEqualTo(1);
    assertThat(value(APPENDS, "conflict")).isEqualTo(1);
    assertThat(value(APPENDS, "failed")).isEqualTo(1);
    assertThat(value(APPENDS, "unknown")).isEqualTo(1);
  }

  @Test
  void looksAreTimedAlsoThoseThatFail() {
    // Given
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    // When
    Head head = store.head(key);
    long read = store.read(key, 0, Integer.MAX_VALUE).count();
    kept.failReads(true);
    Throwable failed = catchThrowable(() -> store.head(key));
    // Then
    assertThat(head.seq()).isZero();
    assertThat(read).isEqualTo(1);
    assertThat(failed).isInstanceOf(LogUnavailable.class);
    assertThat(value(READS, "head")).isEqualTo(2);
    assertThat(value(READS, "records")).isEqualTo(1);
  }

  @Test
  void theWholeStoreIsWeighed() {
    // Given
    store.append(key, -1, Given.commit(-1, "a", Given.message("one")));
    // When
    double bytes = Scrape.of(meters.scrape()).value("rouse_log_bytes{store=\"memory\"}");
    // Then
    assertThat(bytes).isEqualTo(kept.totalBytes()).isPositive();
  }
}
