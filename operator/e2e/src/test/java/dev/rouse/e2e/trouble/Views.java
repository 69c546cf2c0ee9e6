package dev.rouse.e2e.trouble;

import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What people see of a session, word for word. */
record Views(WorkSession session) {

  private static final String CONDITIONS =
      "jsonpath={range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"\\n\"}{end}";

  /** One try of a call: what it was answered, and after what time. */
  String call(Caller caller, Request request) throws InterruptedException {
    long began = System.nanoTime();
    String said;
    try {
      Answer answer = caller.once(request);
      said =
          answer.status() == 200
              ? "200"
              : "%d %s%s: %s"
                  .formatted(
                      answer.status(),
                      answer.errorType(),
                      answer.wantsRetry() ? " (clients try again)" : " (clients give up)",
                      answer.message());
    } catch (IOException e) {
      said = "no answer";
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    String path = request.path().replaceAll("sesn_[A-Za-z0-9-]+", "…").replaceAll("\\?.*", "");
    return "`%s %s` after %d.%d s: %s"
        .formatted(
            request.method(), path, took.toSeconds(), took.toMillisPart() / 100, nameless(said));
  }

  /** The line of {@code kubectl get}, or what kubectl said instead. */
  String columns() {
    String[] lines = kubectl("-o", "wide").split("\n");
    return "`kubectl get session`: " + nameless(lines[lines.length - 1].replaceAll("\\s+", " "));
  }

  /** The conditions, those that only say that all is well left out. */
  List<String> conditions() {
    return kubectl("-o", CONDITIONS)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("Ready=True Accepted"))
        .map(line -> "condition " + nameless(line))
        .toList();
  }

  /** The reasons and messages of all Warnings about it. */
  List<String> warnings() {
    String output =
        session
            .namespace()
            .cluster()
            .kubectl()
            .tryRun(
                "",
                "get",
                "events",
                "-n",
                session.namespace().name(),
                "--request-timeout=3s",
                "--field-selector=type=Warning,involvedObject.kind=Session,involvedObject.name="
                    + session.name(),
                "-o",
                "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}")
            .output();
    List<String> warnings = new ArrayList<>();
    output.lines().filter(line -> !line.isBlank()).distinct().forEach(warnings::add);
    return warnings.stream().map(line -> "Event " + nameless(line)).toList();
  }

  private String kubectl(String... output) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "get",
                "sessions.rouse.dev",
                session.name(),
                "-n",
                session.namespace().name(),
                "--request-timeout=3s"));
    command.addAll(List.of(output));
    return session
        .namespace()
        .cluster()
        .kubectl()
        .tryRun("", command.toArray(String[]::new))
        .output();
  }

  /** Without what is different in every run. */
  private String nameless(String text) {
    return text.replace(session.uid(), "<uid>")
        .replace(session.uid().substring(0, 8), "<uid>")
        .replace(session.namespace().name() + "/", "team-a/")
        .replace(session.name(), "<session>")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "<address>");
  }
}
