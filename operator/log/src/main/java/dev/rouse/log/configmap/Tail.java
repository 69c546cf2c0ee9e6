package dev.rouse.log.configmap;

import dev.rouse.log.Head;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The one object that is the log, as it was read or written.
 *
 * @param resourceVersion what an update must carry
 * @param revision counts the updates; a segment object may be named by updates up to the revision
 *     it was made for, and by no later one
 * @param head the last sequence number
 * @param epoch the last record's epoch
 * @param segments what was sealed, in order and without gaps
 * @param open the newest commits
 */
record Tail(
    String resourceVersion,
    long revision,
    long head,
    int epoch,
    List<Segment> segments,
    Open open) {

  Tail {
    segments = List.copyOf(segments);
  }

  /** The first sequence number that is not sealed. */
  long openFrom() {
    return segments.isEmpty() ? 0 : segments.getLast().to() + 1;
  }

  /** Whether this is not {@code other} and may be what came after it. */
  boolean isAfter(Tail other) {
    return revision >= other.revision && !resourceVersion.equals(other.resourceVersion);
  }

  long bytes() {
    return open.packed().length + segments.stream().mapToLong(Segment::bytes).sum();
  }

  Head toHead() {
    return new Head(head, bytes());
  }

  /** The ends of the names of all objects that this tail names. */
  Set<String> named() {
    Set<String> named = new HashSet<>();
    segments.forEach(segment -> named.addAll(segment.objects()));
    return named;
  }

  /** This tail with its first open commits sealed, as no update has written it yet. */
  Tail sealing(Segment sealed, Open rest) {
    List<Segment> all = new ArrayList<>(segments);
    all.add(sealed);
    return new Tail(resourceVersion, revision, head, epoch, all, rest);
  }

  /** The next tail, with more open commits. */
  Tail next(long newHead, int newEpoch, Open newOpen) {
    return new Tail(resourceVersion, revision + 1, newHead, newEpoch, segments, newOpen);
  }

  /** The next tail, with {@code merged} in the place of what it was made of. */
  Tail replacing(List<Segment> parts, Segment merged) {
    List<Segment> all = new ArrayList<>(segments);
    int at = all.indexOf(parts.getFirst());
    all.subList(at, at + parts.size()).clear();
    all.add(at, merged);
    return new Tail(resourceVersion, revision + 1, head, epoch, all, open);
  }

  Tail written(String newResourceVersion) {
    return new Tail(newResourceVersion, revision, head, epoch, segments, open);
  }
}
