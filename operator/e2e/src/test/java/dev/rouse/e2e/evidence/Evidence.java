package dev.rouse.e2e.evidence;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.SessionStatus;
import dev.rouse.e2e.cluster.Api;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is found after a session has come to rest.
 *
 * @param session which
 * @param log read from the store
 * @param status of the object
 * @param history as the public API tells it
 * @param works the workspace's own account: a line for each execution that took place
 * @param modelTurns the model's own account: its calls, by turn of the script
 */
public record Evidence(
    String session,
    List<LogRecord> log,
    @Nullable SessionStatus status,
    List<JsonNode> history,
    List<String> works,
    List<String> modelTurns) {

  public static final String WORKS = "works.log";

  /** An agent that plays a script: by what the model tells its conversations from others. */
  public enum Persona {
    WORKER("scripted-worker", "You do two pieces of work."),
    LISTENER("scripted-trial", "You only listen.");

    private final String model;
    private final String system;

    Persona(String model, String system) {
      this.model = model;
      this.system = system;
    }

    /** As the model knows it. */
    public String model() {
      return model;
    }

    public String system() {
      return system;
    }
  }

  public Evidence {
    log = List.copyOf(log);
    history = List.copyOf(history);
    works = List.copyOf(works);
    modelTurns = List.copyOf(modelTurns);
  }

  /** Collects everything about a worker's session that was told {@code firstMessage}. */
  public static Evidence of(WorkSession session, String firstMessage) {
    return of(session, Persona.WORKER, firstMessage);
  }

  /** Collects everything about a session that was told {@code firstMessage}. */
  public static Evidence of(WorkSession session, Persona persona, String firstMessage) {
    session.awaitStatusAtHead();
    return new Evidence(
        session.name(),
        session.log(),
        session.status(),
        new Api(session.namespace()).history(session.uid()),
        session.lines(WORKS),
        session
            .namespace()
            .cluster()
            .modelBooks()
            .turns(persona.model, persona.system, firstMessage));
  }

  /** The log's events of one type. */
  public <E extends Event> List<E> events(Class<E> type) {
    return log.stream().map(LogRecord::event).filter(type::isInstance).map(type::cast).toList();
  }

  /** The epochs of all wakes, in order. */
  public List<Integer> epochs() {
    return events(InternalEvent.Woken.class).stream().map(InternalEvent.Woken::epoch).toList();
  }

  /** What users said, as far as it was processed. */
  public List<String> heard() {
    return heard(log);
  }

  /** The same of a log alone. */
  public static List<String> heard(List<LogRecord> log) {
    return log.stream()
        .map(LogRecord::event)
        .filter(UserEvent.Message.class::isInstance)
        .map(event -> ContentBlock.textOf(((UserEvent.Message) event).content()))
        .toList();
  }

  /** Waits until a session has taken up what it was told, and rests after that. */
  public static void awaitHeard(WorkSession session, String text) {
    await(session.name() + " was told \"" + text + "\"")
        .atMost(WorkSession.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> heard(session.log()).contains(text));
    session.awaitRest();
  }

  /** What the agent said. */
  public List<String> said() {
    return events(AgentEvent.Message.class).stream()
        .map(message -> ContentBlock.textOf(message.content()))
        .toList();
  }

  /** For a failed test: the log, a line each. */
  String story() {
    return log.stream()
        .map(record -> "  %3d e%d %s".formatted(record.seq(), record.epoch(), line(record.event())))
        .collect(Collectors.joining("\n", "\nlog of " + session + ":\n", "\n"));
  }

  private static String line(Event event) {
    String json = EventCodec.toJson(event).toString();
    return json.length() <= 240 ? json : json.substring(0, 240) + "…";
  }
}
