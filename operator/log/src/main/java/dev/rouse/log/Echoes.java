package dev.rouse.log;

import dev.rouse.session.Event;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which record stands for which event of a client's request. */
final class Echoes {

  private Echoes() {}

  /** One record for each event of {@code input}: of this commit, or of the first such answer. */
  static List<LogRecord> of(
      List<UserEvent> input, List<LogRecord> commit, Function<Answer, Optional<LogRecord>> first) {
    List<LogRecord> echoes = new ArrayList<>();
    Iterator<LogRecord> plain =
        clientRecords(commit).stream()
            .filter(record -> Answer.of(record.event()).isEmpty())
            .iterator();
    for (UserEvent event : input) {
      Optional<LogRecord> echo =
          Answer.of(event)
              .map(first)
              .orElseGet(() -> plain.hasNext() ? Optional.of(plain.next()) : Optional.empty());
      echo.ifPresent(echoes::add);
    }
    return echoes;
  }

  /**
   * Whether a commit is what {@code input} would have made; ids are minted anew by every call. An
   * answer that is not in the commit may have been given before it.
   */
  static boolean match(
      List<LogRecord> commit, List<UserEvent> input, Function<Answer, Optional<LogRecord>> first) {
    Set<Answer> said = new HashSet<>();
    input.forEach(event -> Answer.of(event).ifPresent(said::add));
    for (LogRecord record : clientRecords(commit)) {
      if (Answer.of(record.event()).filter(answer -> !said.contains(answer)).isPresent()) {
        return false;
      }
    }
    Iterator<Event> plain =
        clientRecords(commit).stream()
            .map(Echoes::clientEvent)
            .filter(event -> Answer.of(event).isEmpty())
            .iterator();
    for (UserEvent event : input) {
      Optional<Answer> answer = Answer.of(event);
      if (answer.isPresent()) {
        if (answer.flatMap(first).filter(it -> Answer.saysTheSame(it.event(), event)).isEmpty()) {
          return false;
        }
        continue;
      }
      if (!plain.hasNext() || !Answer.saysTheSame(plain.next(), event)) {
        return false;
      }
    }
    return !plain.hasNext();
  }

  private static List<LogRecord> clientRecords(List<LogRecord> commit) {
    return commit.stream().filter(record -> clientEvent(record) instanceof UserEvent).toList();
  }

  private static Event clientEvent(LogRecord record) {
    return record.event() instanceof InternalEvent.Received received
        ? received.event()
        : record.event();
  }
}
