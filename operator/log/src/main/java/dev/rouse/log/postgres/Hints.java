package dev.rouse.log.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.log.LogChange;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What servers tell each other by NOTIFY: {@code {"from": "<server>", "logs": [["<namespace>",
 * "<uid>", <head>], …]}}, with the head -1 for a log that is gone.
 *
 * @param from which server says so
 * @param changes what changed
 */
record Hints(String from, List<LogChange> changes) {

  /** What PostgreSQL takes is 7,999 bytes. */
  private static final int MOST_BYTES = 7_900;

  Hints {
    changes = List.copyOf(changes);
  }

  /** The payloads that say all of this: as many changes in each as it takes. */
  static List<String> payloads(String from, Collection<LogChange> changes) {
    String begin = "{\"from\":\"" + from + "\",\"logs\":[";
    List<String> payloads = new ArrayList<>();
    StringBuilder logs = new StringBuilder();
    int bytes = 0;
    for (LogChange change : changes) {
      String log = entry(change);
      int length = log.getBytes(StandardCharsets.UTF_8).length + 1;
      if (bytes > 0 && begin.length() + bytes + length > MOST_BYTES) {
        payloads.add(begin + logs + "]}");
        logs.setLength(0);
        bytes = 0;
      }
      logs.append(bytes == 0 ? "" : ",").append(log);
      bytes += length;
    }
    if (bytes > 0) {
      payloads.add(begin + logs + "]}");
    }
    return payloads;
  }

  private static String entry(LogChange change) {
    return JsonNodeFactory.instance
        .arrayNode()
        .add(change.namespace())
        .add(change.sessionUid())
        .add(change.deleted() ? -1 : change.head())
        .toString();
  }

  /** What a payload says; empty if it is not one of ours. */
  static Optional<Hints> parse(String payload) {
    JsonNode body;
    try {
      body = EventCodec.JSON.readTree(payload);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (!body.path("logs").isArray()) {
      return Optional.empty();
    }
    List<LogChange> changes = new ArrayList<>();
    for (JsonNode log : body.path("logs")) {
      if (!log.path(0).isTextual() || !log.path(1).isTextual() || !log.path(2).isIntegralNumber()) {
        return Optional.empty();
      }
      long head = log.path(2).asLong();
      changes.add(new LogChange(log.path(0).asText(), log.path(1).asText(), head, head < 0));
    }
    return Optional.of(new Hints(body.path("from").asText(), changes));
  }
}
