package dev.rouse.hands.bash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many processes the kernel killed here because memory ran out. Where it kills all of a
 * container at once, as Kubernetes' nodes with cgroup v2 do, nobody is left to ask; elsewhere it
 * kills one, whose exit code alone says nothing of memory.
 *
 * @param counters files that may hold the count; the first that does is used
 */
record OomKills(List<Path> counters) {

  /** Those of this container, by cgroup v2 and v1. */
  static final OomKills HERE =
      new OomKills(
          List.of(
              Path.of("/sys/fs/cgroup/memory.events"),
              Path.of("/sys/fs/cgroup/memory/memory.oom_control")));

  private static final Pattern COUNT = Pattern.compile("(?m)^oom_kill (\\d+)$");

  OomKills {
    counters = List.copyOf(counters);
  }

  /** So far; 0 where nobody counts. */
  long count() {
    for (Path counter : counters) {
      try {
        Matcher count = COUNT.matcher(Files.readString(counter));
        if (count.find()) {
          return Long.parseLong(count.group(1));
        }
      } catch (IOException notThisKind) {
        // Then the next.
      }
    }
    return 0;
  }
}
