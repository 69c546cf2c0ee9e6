package dev.rouse.log.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePolicyTest {

  private static final ConfigMapSettings SETTINGS = ConfigMapSettings.DEFAULTS;
  private static final int SMALL = 8_500;
  private static final int LARGE = 71_000;

  private final MergePolicy policy = new MergePolicy(SETTINGS);
  private final List<Segment> segments = new ArrayList<>();
  private long written;
  private int most;

  @Test
  void manyAlikeAreMergedAtOnce() {
    add(SETTINGS.mergeCount() - 1, _ -> SMALL);
    assertThat(policy.choose(segments)).isEmpty();

    add(1, _ -> SMALL);
    assertThat(policy.choose(segments)).hasSize(SETTINGS.mergeCount());
  }

  @Test
  void aLargeOneIsNotWrittenAgainForAFewSmallOnes() {
    add(1, _ -> LARGE * 4);
    add(SETTINGS.mergeCount() - 1, _ -> SMALL);

    assertThat(policy.choose(segments)).isEmpty();
  }

  /** Each is the size of the next segment; none of these may let the list of names grow. */
  @ParameterizedTest
  @CsvSource({"all alike", "a large one among small ones", "two by two", "ever larger", "any"})
  void whateverSizesComeThereAreFewSegmentsAndAByteIsWrittenAFewTimes(String sizes) {
    Random random = new Random(20261130);
    IntUnaryOperator size =
        switch (sizes) {
          case "all alike" -> _ -> SMALL;
          case "a large one among small ones" ->
              i -> i % SETTINGS.mergeCount() == 0 ? LARGE : SMALL;
          case "two by two" -> i -> i / 2 % 2 == 0 ? LARGE : SMALL;
          case "ever larger" ->
              i -> (int) (SMALL * Math.pow(3, Integer.numberOfTrailingZeros(i + 1) % 4));
          default ->
              _ ->
                  SMALL
                      + random.nextInt(SETTINGS.segmentBytes() - SMALL) / (1 + random.nextInt(40));
        };

    for (int i = 0; i < 2000; i++) {
      add(1, at(size, i));
      mergeAll();
      long full = total() / (SETTINGS.segmentBytes() / 2);
      most = (int) Math.max(most, segments.size() - full);
    }

    assertThat(most)
        .as("segments beyond those that are half full")
        .isLessThan(3 * SETTINGS.mergeCount());
    assertThat(written / (double) total()).as("times that a byte was written").isLessThan(5);
  }

  private static IntUnaryOperator at(IntUnaryOperator size, int i) {
    return _ -> size.applyAsInt(i);
  }

  private void add(int count, IntUnaryOperator size) {
    IntStream.range(0, count)
        .forEach(i -> {
          long from = segments.isEmpty() ? 0 : segments.getLast().to() + 1;
          int bytes = size.applyAsInt(i);
          written += bytes;
          segments.add(new Segment(from, from, bytes, 0, List.of("s" + from)));
        });
  }

  private void mergeAll() {
    for (List<Segment> parts = policy.choose(segments);
        !parts.isEmpty();
        parts = policy.choose(segments)) {
      int at = segments.indexOf(parts.getFirst());
      int bytes = (int) parts.stream().mapToLong(Segment::bytes).sum();
      assertThat(bytes).isLessThanOrEqualTo(SETTINGS.segmentBytes());
      written += bytes;
      segments.subList(at, at + parts.size()).clear();
      segments.add(
          at,
          new Segment(
              parts.getFirst().from(), parts.getLast().to(), bytes, 0, List.of("m" + written)));
    }
  }

  private long total() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }
}
