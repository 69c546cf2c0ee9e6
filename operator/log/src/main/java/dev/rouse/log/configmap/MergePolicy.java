package dev.rouse.log.configmap;

import java.util.List;

/**
 * Which neighbours are worth merging into one object. A byte is written a few times in its life,
 * not once for every merge near it: of what is merged, no part is most of the sum, so each time the
 * object that a byte is in grows to twice its size at least. And there are few objects, whatever
 * sizes commits come in.
 */
final class MergePolicy {

  /** With so many parts a merge pays, even if all of them are tiny beside a full object. */
  private static final int FEW = 3;

  private final ConfigMapSettings settings;

  MergePolicy(ConfigMapSettings settings) {
    this.settings = settings;
  }

  /** The neighbours to merge next; none if there are few segments, or what is there is large. */
  List<Segment> choose(List<Segment> all) {
    for (int start = 0; start + 1 < all.size(); start++) {
      List<Segment> window = window(all, start);
      if (isManyAlike(window) || isNearlyFull(window)) {
        return List.copyOf(window);
      }
    }
    return small(all) > 2L * settings.mergeCount() ? chooseOfUnlike(all) : List.of();
  }

  /**
   * Where large and small take turns there may be no many alike, so fewer and less alike must do.
   */
  private List<Segment> chooseOfUnlike(List<Segment> all) {
    for (int start = 0; start + FEW <= all.size(); start++) {
      for (List<Segment> some = window(all, start);
          some.size() >= FEW;
          some = some.subList(0, some.size() - 1)) {
        if (sum(some) >= largest(some) * 2) {
          return List.copyOf(some);
        }
      }
    }
    return List.of();
  }

  private boolean isManyAlike(List<Segment> window) {
    return window.size() == settings.mergeCount()
        && sum(window) >= largest(window) * (settings.mergeCount() / 2);
  }

  private boolean isNearlyFull(List<Segment> window) {
    long sum = sum(window);
    return sum >= settings.segmentBytes() * 3L / 4 && sum >= largest(window) * 2;
  }

  private long small(List<Segment> all) {
    return all.stream().filter(one -> one.bytes() < settings.segmentBytes() / 2).count();
  }

  /** As many from {@code start} as a merge takes and an object holds. */
  private List<Segment> window(List<Segment> all, int start) {
    int end = start;
    for (long sum = 0; end < Math.min(all.size(), start + settings.mergeCount()); end++) {
      sum += all.get(end).bytes();
      if (sum > settings.segmentBytes()) {
        break;
      }
    }
    return all.subList(start, end);
  }

  private static long sum(List<Segment> some) {
    return some.stream().mapToLong(Segment::bytes).sum();
  }

  private static long largest(List<Segment> some) {
    return some.stream().mapToLong(Segment::bytes).max().orElse(0);
  }
}
