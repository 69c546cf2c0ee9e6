package dev.rouse.log.bench;

import dev.rouse.log.bench.Backend.Bare;

/**
 * What a write costs on the disk, fsync and journal included.
 *
 * @param store the store
 * @param size characters of each event's text
 * @param append bytes on the disk for each append
 * @param bare bytes on the disk for each bare write of the same texts
 */
record Bytes(String store, int size, long append, long bare) {

  private static final int WRITES = 300;

  static Bytes of(Backend.Kind kind, int size) throws Exception {
    try (Backend backend = kind.start()) {
      Logs log = new Logs(backend.store(), size, 0);
      Bare bare = backend.bare("bytes");
      Texts texts = new Texts(size, 0);
      long before = backend.bytesWritten();
      for (int i = 0; i < WRITES; i++) {
        log.append();
      }
      long between = backend.bytesWritten();
      for (int i = 0; i < WRITES; i++) {
        bare.write(texts.next());
      }
      long after = backend.bytesWritten();
      return new Bytes(kind.title(), size, (between - before) / WRITES, (after - between) / WRITES);
    }
  }
}
