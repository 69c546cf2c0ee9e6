package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.version.VersionNameTakenException;
import dev.rouse.api.wire.Absent;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.log.LogDeleted;
import dev.rouse.log.LogException;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.SessionLogs;
import dev.rouse.server.auth.ReviewUnavailable;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.http.CallHandler;
import dev.rouse.server.keeper.SessionKeeper;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.resource.OutdatedCrds;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.server.work.WorkQueue;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.PrivateKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public API: routes each call to the {@link Section} of its {@link Endpoint}. */
public final class WireApi implements CallHandler {

  private static final Logger LOG = LoggerFactory.getLogger(WireApi.class);

  private static final String PREFIX = "/v1/";

  /** What the public contract does not have: it cannot come to be in each other's way. */
  private static final String OURS = "/rouse/v1/";

  private final Reviews reviews;
  private final Sessions sessions;
  private final Clock clock;
  private final Workers workers;
  private final Section agents;
  private final Section environments;
  private final Section sessionSection;
  private final EventsApi events;
  private final ThreadsApi threads;
  private final CopiesApi copies;
  private final Section work;

  /**
   * Answers with what these parts know and do.
   *
   * @param keeper makes and changes sessions
   * @param queue the work of self-hosted environments
   * @param ticketKey signs the tickets of those who claim work
   */
  public WireApi(
      Reviews reviews,
      Sessions sessions,
      Catalog catalog,
      SessionLogs logs,
      SessionKeeper keeper,
      WorkQueue queue,
      PrivateKey ticketKey,
      Clock clock,
      Ids ids) {
    this.reviews = reviews;
    this.sessions = sessions;
    this.clock = clock;
    this.agents = new AgentsApi(catalog, clock, ids);
    this.environments = new EnvironmentsApi(catalog, clock, ids);
    this.workers = new Workers(sessions, catalog.environments(), queue.items());
    this.work = new WorkApi(catalog, queue, ticketKey);
    SessionDoor door = new SessionDoor(logs);
    this.sessionSection = new SessionsApi(door, sessions, logs, keeper, catalog, ids);
    this.copies = new CopiesApi(door, logs, keeper, clock);
    this.events = new EventsApi(door, sessions, logs, keeper, clock, ids);
    this.threads = new ThreadsApi(door, logs, events, clock);
  }

  /** Whether calls of this path are this API's to answer. */
  public static boolean holds(String path) {
    return path.startsWith(PREFIX) || path.startsWith(OURS);
  }

  /**
   * Shows previews on the session's open streams. Does not block.
   *
   * @param span the model request that they belong to
   * @param head a head of the log at which that request was open
   */
  public void show(String sessionUid, String span, long head, List<JsonNode> previews) {
    events.show(sessionUid, span, head, previews);
  }

  /** Says that nothing can be answered now, in the form that clients understand. */
  public static void fail(Call call, int status, String message) {
    Type type =
        switch (status) {
          case 400 -> Type.INVALID_REQUEST;
          case 414 -> Type.LINE_TOO_LONG;
          case 431 -> Type.HEADERS_TOO_LARGE;
          case 503 -> Type.UNAVAILABLE;
          default -> Type.INTERNAL;
        };
    new WireError(type, message).answer(call);
  }

  @Override
  public void handle(Call call) throws Exception {
    try {
      if (!call.hasReadableQuery()) {
        throw WireError.invalid("query: its percent-encoding is broken");
      }
      Visitor visitor = Visitor.of(reviews, sessions, workers, call, clock);
      Endpoint endpoint = endpoint(call);
      call.routed(endpoint.method() + " " + endpoint.path());
      List<String> places = endpoint.path().match(call.path()).orElseThrow();
      section(endpoint).handle(endpoint, places, visitor, call);
    } catch (WireError e) {
      e.answer(call);
    } catch (InvalidBody e) {
      WireError.of(e).answer(call);
    } catch (BodyRefused e) {
      WireError.of(e).answer(call);
    } catch (LogDeleted _) {
      WireError.notFound("the session was deleted").answer(call);
    } catch (LogTooLarge e) {
      new WireError(Type.TOO_LARGE, Optional.ofNullable(e.getMessage()).orElse("too large"))
          .answer(call);
    } catch (LogException e) {
      if (call.isAnswered()) {
        throw e;
      }
      LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("the log refused");
      String message = Optional.ofNullable(e.getMessage()).orElse("the log cannot be read");
      (e.isRetryable() ? new WireError(Type.UNAVAILABLE, message) : WireError.broken(message))
          .answer(call);
    } catch (OutdatedCrds e) {
      LOG.atError().addKeyValue("requestId", call.requestId()).setCause(e).log("not written");
      WireError.broken(String.valueOf(e.getMessage())).answer(call);
    } catch (VersionNameTakenException e) {
      new WireError(Type.UNAVAILABLE, String.valueOf(e.getMessage())).answer(call);
    } catch (ReviewUnavailable | KubernetesClientException e) {
      LOG.atWarn().addKeyValue("requestId", call.requestId()).setCause(e).log("not answered");
      refusal(e).orElseGet(() -> new WireError(Type.UNAVAILABLE, trouble(e))).answer(call);
    }
  }

  /** What the API server says about a request that it does not take, for example by a policy. */
  private static Optional<WireError> refusal(RuntimeException failure) {
    if (!(failure instanceof KubernetesClientException e)) {
      return Optional.empty();
    }
    String message = "the cluster refused: " + e.getMessage();
    return switch (e.getCode()) {
      case 400, 422 -> Optional.of(WireError.invalid(message));
      case 403 -> Optional.of(new WireError(Type.PERMISSION, message));
      case 404 -> Optional.of(WireError.notFound(message));
      default -> Optional.empty();
    };
  }

  /** What is the matter with the cluster; what the API server said of it, if it said anything. */
  private static String trouble(RuntimeException failure) {
    Throwable cause = failure instanceof ReviewUnavailable ? failure.getCause() : failure;
    return cause instanceof KubernetesClientException e && e.getCode() > 0
        ? "the cluster's API server cannot do it now (status %d: %s): try again"
            .formatted(e.getCode(), said(e))
        : "the cluster's API server did not answer: try again";
  }

  private static String said(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? String.valueOf(e.getMessage())
        : e.getStatus().getMessage();
  }

  private Section section(Endpoint endpoint) {
    return switch (endpoint) {
      case AGENT_CREATE, AGENT_LIST, AGENT, AGENT_UPDATE, AGENT_ARCHIVE, AGENT_VERSIONS -> agents;
      case ENVIRONMENT_CREATE,
          ENVIRONMENT_LIST,
          ENVIRONMENT,
          ENVIRONMENT_UPDATE,
          ENVIRONMENT_ARCHIVE,
          ENVIRONMENT_DELETE ->
          environments;
      case WORK_LIST,
          WORK_POLL,
          WORK_STATS,
          WORK,
          WORK_UPDATE,
          WORK_ACK,
          WORK_HEARTBEAT,
          WORK_STOP ->
          work;
      case SESSION_CREATE, SESSION_LIST, SESSION, SESSION_UPDATE, SESSION_ARCHIVE, SESSION_DELETE ->
          sessionSection;
      case EXPORT, IMPORT, IMPORT_SESSION, IMPORT_RECORDS, IMPORT_END, FORK, FORK_SESSION, MOVE ->
          copies;
      case EVENTS, EVENT_SEND, EVENT_STREAM, EVENT_APPROVE -> events;
      case THREADS, THREAD, THREAD_ARCHIVE, THREAD_EVENTS, THREAD_STREAM -> threads;
    };
  }

  private static Endpoint endpoint(Call call) throws WireError {
    Set<String> methods = new TreeSet<>();
    for (Endpoint endpoint : Endpoint.values()) {
      if (endpoint.path().match(call.path()).isPresent()) {
        if (endpoint.method().equals(call.method())) {
          return endpoint;
        }
        methods.add(endpoint.method());
      }
    }
    Optional<Absent> later = LaterFeature.of(call.path());
    if (later.isPresent()) {
      throw new WireError(Type.NOT_IMPLEMENTED, later.get().message());
    }
    if (methods.isEmpty()) {
      throw WireError.notFound("there is no " + call.path());
    }
    call.withHeader("allow", String.join(", ", methods));
    throw new WireError(
        Type.METHOD, call.path() + " takes " + String.join(", ", methods) + " only");
  }
}
