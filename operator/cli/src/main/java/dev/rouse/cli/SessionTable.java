package dev.rouse.cli;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, one a line; those that need a person first, then those that run.
 *
 * @param now for ages
 * @param namespaces whether the sessions are of several
 */
record SessionTable(PrintWriter out, Instant now, boolean namespaces) {

  private static final int NEED = 60;

  void print(List<Session> sessions) {
    if (sessions.isEmpty()) {
      out.println(namespaces ? "No sessions." : "No sessions in this namespace.");
      return;
    }
    line("NAMESPACE", "NAME", "AGENT", "PHASE", "EVENTS", "AGE", "NEEDS");
    sessions.stream()
        .sorted(
            Comparator.<Session>comparingInt(SessionTable::rank)
                .thenComparing(it -> it.getMetadata().getNamespace())
                .thenComparing(it -> it.getMetadata().getName()))
        .forEach(this::line);
  }

  private static int rank(Session session) {
    if (Need.of(session).isPresent()) {
      return 0;
    }
    return switch (phase(session)) {
      case "Running", "Rescheduling" -> 1;
      case "Terminated" -> 3;
      default -> 2;
    };
  }

  private void line(Session session) {
    String need = Plain.of(Need.of(session).orElse("").replaceAll("\\s+", " "));
    line(
        session.getMetadata().getNamespace(),
        session.getMetadata().getName(),
        session.getSpec().agentRef().name(),
        phase(session),
        events(session.getStatus()),
        age(session),
        need.length() <= NEED ? need : need.substring(0, NEED) + " …");
  }

  private void line(
      String namespace,
      String name,
      String agent,
      String phase,
      String events,
      String age,
      String need) {
    String row =
        String.format("%-32s %-20s %-13s %7s %5s  %s", name, agent, phase, events, age, need)
            .stripTrailing();
    out.println(namespaces ? String.format("%-20s ", namespace) + row : row);
  }

  private String age(Session session) {
    @Nullable String created = session.getMetadata().getCreationTimestamp();
    if (created == null) {
      return "";
    }
    Duration age = Duration.between(Instant.parse(created), now);
    if (age.toHours() >= 48) {
      return age.toDays() + "d";
    }
    return age.toMinutes() >= 120 ? age.toHours() + "h" : Math.max(0, age.toMinutes()) + "m";
  }

  private static String phase(Session session) {
    @Nullable SessionStatus status = session.getStatus();
    return status == null || status.phase() == null ? "Pending" : status.phase();
  }

  /** As the column of kubectl: record 0 only says what the session is. */
  static String events(@Nullable SessionStatus status) {
    return status == null || status.log() == null || status.log().head() == null
        ? "0"
        : Long.toString(status.log().head());
  }
}
