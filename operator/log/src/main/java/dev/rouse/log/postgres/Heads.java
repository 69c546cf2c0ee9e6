package dev.rouse.log.postgres;

import dev.rouse.log.LogChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The heads of the logs that are open here, as the database last said. */
final class Heads {

  private static final int PAGE_ROWS = 1000;

  private record Known(String namespace, long head) {}

  private final Connections connections;
  private final String some;
  private final String page;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  Heads(Connections connections, String schema) {
    this.connections = connections;
    this.some = "SELECT uid, head FROM " + schema + ".logs WHERE uid = ANY (?) AND NOT deleted";
    this.page =
        "SELECT uid, namespace, head FROM "
            + schema
            + ".logs WHERE uid > ? AND NOT deleted ORDER BY uid LIMIT "
            + PAGE_ROWS;
  }

  void seen(String namespace, String uid, long head) {
    known.merge(
        uid,
        new Known(namespace, head),
        // None after some: it is gone. Otherwise answers may cross, and the further one is newer.
        (old, now) -> now.head() >= 0 && now.head() < old.head() ? old : now);
  }

  void forget(String uid) {
    known.remove(uid);
  }

  /** Looks at the logs that are known. @return what became of those that changed */
  List<LogChange> moved() {
    Map<String, Known> before = Map.copyOf(known);
    if (before.isEmpty()) {
      return List.of();
    }
    Map<String, Long> now =
        connections.read("the heads of open logs", connection -> ask(connection, before));
    List<LogChange> changes = new ArrayList<>();
    before.forEach((uid, was) -> {
      Long head = now.get(uid);
      if (head == null) {
        // Unless somebody here made it only after the database was asked.
        if (was.head() >= 0 && known.remove(uid, was)) {
          changes.add(new LogChange(was.namespace(), uid, -1, true));
        }
      } else if (head > was.head()) {
        known.replace(uid, was, new Known(was.namespace(), head));
        changes.add(new LogChange(was.namespace(), uid, head, false));
      }
    });
    return changes;
  }

  private Map<String, Long> ask(Connection connection, Map<String, Known> before)
      throws SQLException {
    Map<String, Long> heads = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(some)) {
      statement.setArray(1, connection.createArrayOf("text", before.keySet().toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          heads.put(row.getString(1), row.getLong(2));
        }
      }
    }
    return heads;
  }

  /** Tells where every log is, page by page. */
  void all(Consumer<LogChange> tell) {
    String last = "";
    List<LogChange> changes;
    do {
      String after = last;
      changes = connections.read("the heads of all logs", connection -> page(connection, after));
      changes.forEach(tell);
      last = changes.isEmpty() ? last : changes.getLast().sessionUid();
    } while (changes.size() == PAGE_ROWS);
  }

  private List<LogChange> page(Connection connection, String after) throws SQLException {
    List<LogChange> changes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(page)) {
      statement.setString(1, after);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          changes.add(new LogChange(row.getString(2), row.getString(1), row.getLong(3), false));
        }
      }
    }
    return changes;
  }
}
