package dev.rouse.server.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What answers have shown: ids by kind and workspace, and cursors. Shared by all who ask. */
final class Known {

  private static final Pattern ID =
      Pattern.compile("(agent|env|sesn|sevt|sthr|work)_[1-9A-HJ-NP-Za-km-z]{20,24}");
  private static final Pattern CURSOR = Pattern.compile("page_[A-Za-z0-9_-]+");

  /** The newest of a kind are enough to choose among. */
  private static final int MOST = 200;

  private final Map<String, String> owners = new ConcurrentHashMap<>();
  private final Map<String, List<String>> kept = new ConcurrentHashMap<>();

  /** Workspace and foreign id of what was sent and taken: such a text may come back. */
  private final Set<String> sent = ConcurrentHashMap.newKeySet();

  /** Remembers what an answer to a caller of {@code workspace} shows. */
  void learn(String workspace, String answer) {
    ids(answer)
        .forEach(id -> {
          if (owners.putIfAbsent(id, workspace) == null) {
            keep(workspace + " " + id.substring(0, id.indexOf('_')), id);
          }
        });
    CURSOR.matcher(answer).results().forEach(it -> keep(workspace + " page", it.group()));
  }

  /** Remembers the foreign ids in a request of {@code workspace} that was taken. */
  void sent(String workspace, String request) {
    foreign(workspace, request).forEach(id -> sent.add(workspace + " " + id));
  }

  private void keep(String what, String value) {
    List<String> values = kept.computeIfAbsent(what, _ -> new ArrayList<>());
    synchronized (values) {
      values.add(value);
      if (values.size() > MOST) {
        values.removeFirst();
      }
    }
  }

  /** The ids in a text that belong to another workspace, and that this one has not said itself. */
  Set<String> foreign(String workspace, String text) {
    Set<String> foreign = ids(text);
    foreign.removeIf(id ->
        workspace.equals(owners.getOrDefault(id, workspace))
            || sent.contains(workspace + " " + id));
    return foreign;
  }

  private static Set<String> ids(String text) {
    Set<String> ids = new HashSet<>();
    ID.matcher(text).results().forEach(it -> ids.add(it.group()));
    return ids;
  }

  /** One of a kind: the prefix of its ids, or {@code page}. */
  String any(Random random, String workspace, String kind) {
    List<String> values = kept.getOrDefault(workspace + " " + kind, List.of());
    synchronized (values) {
      return values.isEmpty() ? kind + "_none" : values.get(random.nextInt(values.size()));
    }
  }
}
