package dev.rouse.log;

import dev.rouse.session.LogRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where in one log things stand that must not happen twice. Not safe for use by several threads.
 */
final class LogIndex {

  /** First and last sequence number of a commit. */
  record Range(long from, long to) {}

  private final Map<String, Range> commits = new HashMap<>();
  private final Map<Answer, Long> answers = new HashMap<>();

  void add(Commit commit) {
    commits.putIfAbsent(commit.appendId(), new Range(commit.from(), commit.to()));
    for (LogRecord record : commit.records()) {
      Answer.of(record.event()).ifPresent(answer -> answers.putIfAbsent(answer, record.seq()));
    }
  }

  /** The commit with this append id. */
  Optional<Range> commit(String appendId) {
    return Optional.ofNullable(commits.get(appendId));
  }

  /** The sequence number of the first such answer. */
  Optional<Long> answer(Answer answer) {
    return Optional.ofNullable(answers.get(answer));
  }
}
