package dev.rouse.log.configmap;

import java.util.List;

/**
 * A sealed piece of a log.
 *
 * @param from its first sequence number
 * @param to its last
 * @param bytes its compressed size, all objects together
 * @param crc CRC-32 of the compressed bytes
 * @param objects the ends of the names of the objects that hold it, in order; the names begin with
 *     the tail's own name, so a tail cannot name what is not its log's
 */
record Segment(long from, long to, long bytes, long crc, List<String> objects) {
  Segment {
    objects = List.copyOf(objects);
    if (from < 0 || to < from || objects.isEmpty()) {
      throw new IllegalArgumentException("a segment needs records and objects");
    }
  }
}
