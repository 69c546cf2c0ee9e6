package dev.rouse.server.wire;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.server.auth.Access;
import dev.rouse.server.auth.Credential;
import dev.rouse.server.auth.Identity;
import dev.rouse.server.auth.ReviewUnavailable;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.auth.Worker;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.WireError.Type;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who calls the public API, from which workspace, and which session they may use.
 *
 * <p>A workspace is a namespace: the one that {@code anthropic-workspace-id} names, else the
 * ServiceAccount's own. A session of another one does not exist for the caller, and one without the
 * right is refused before it is looked up, so that nobody learns which ids exist.
 */
final class Visitor {

  /** Header of requests and of answers. */
  private static final String WORKSPACE = "anthropic-workspace-id";

  /** What is watched may lag behind {@code kubectl apply} by a moment. */
  static final Duration PATIENCE = Duration.ofMillis(1500);

  private final Reviews reviews;
  private final Sessions sessions;
  private final Call call;
  private final Credential credential;
  private final Identity identity;
  private final Workers workers;
  private final @Nullable Worker worker;

  private Visitor(
      Reviews reviews,
      Sessions sessions,
      Workers workers,
      Call call,
      Credential credential,
      Identity identity) {
    this.reviews = reviews;
    this.sessions = sessions;
    this.workers = workers;
    this.call = call;
    this.credential = credential;
    this.identity = identity;
    this.worker = Worker.isMeantBy(credential.text()) ? Worker.of(identity) : null;
  }

  static Visitor of(Reviews reviews, Sessions sessions, Workers workers, Call call, Clock clock)
      throws WireError {
    Credential credential =
        credential(call)
            .orElseThrow(() ->
                new WireError(
                    Type.AUTHENTICATION,
                    "no credential: send an API key (\"kubectl rouse key create\" makes one) or a"
                        + " Kubernetes token of audience \""
                        + Rouse.AUDIENCE
                        + "\" as Authorization: Bearer or x-api-key"));
    Identity identity =
        reviews
            .identify(credential.text(), Rouse.AUDIENCE)
            .orElseThrow(
                () -> new WireError(Type.AUTHENTICATION, credential.refusal(clock.instant())));
    return new Visitor(reviews, sessions, workers, call, credential, identity);
  }

  private static Optional<Credential> credential(Call call) {
    return call.bearer()
        .or(() -> call.header("x-api-key").map(String::strip).filter(key -> !key.isEmpty()))
        .map(Credential::new);
  }

  /**
   * The session of this wire id, if it is in the workspace and the endpoint is open to the caller.
   */
  Session session(Endpoint endpoint, String id) throws WireError, InterruptedException {
    String workspace = workspace();
    Optional<String> uid = WireIds.sessionUidOf(id);
    if (worker != null) {
      requireWorker(endpoint, worker);
      return workers.session(worker, uid, id);
    }
    Optional<Session> known = uid.flatMap(sessions::get).filter(it -> isIn(it, workspace));
    require(endpoint, workspace, known.map(it -> it.getMetadata().getName()).orElse(null));
    if (known.isEmpty() && uid.isPresent()) {
      known = sessions.await(uid.get(), _ -> true, PATIENCE).filter(it -> isIn(it, workspace));
    }
    return known.orElseThrow(() ->
        WireError.notFound("there is no session " + id + " in workspace (namespace) " + workspace));
  }

  /**
   * Whether the caller may still use the endpoint: for answers that take long. A cluster that does
   * not answer has taken no right away.
   */
  boolean mayStill(Endpoint endpoint, Session session) {
    try {
      return reviews
          .identify(credential.text(), Rouse.AUDIENCE)
          .filter(now ->
              worker == null
                  ? reviews.allows(now, access(endpoint, session))
                  : workers.mayStill(worker, session))
          .isPresent();
    } catch (ReviewUnavailable _) {
      return true;
    }
  }

  /**
   * Refuses a caller without the endpoint's right.
   *
   * @param name of one object, or null for any
   */
  void require(Endpoint endpoint, String workspace, @Nullable String name) throws WireError {
    if (worker != null) {
      throw notForWorkers(endpoint, worker);
    }
    if (endpoint.isForWorkersOnly()) {
      throw new WireError(
          Type.PERMISSION,
          "%s is not for %s: it takes %s; \"kubectl rouse environment-key create\" makes a key"
              .formatted(endpoint.path().text(), identity.username(), endpoint.needs()));
    }
    Access access = endpoint.access(workspace, name);
    if (!reviews.allows(identity, access)) {
      throw new WireError(
          Type.PERMISSION,
          "%s may not %s in group %s in namespace %s: bind a role with that right"
              .formatted(identity.username(), access.describe(), Rouse.GROUP, workspace));
    }
  }

  private static Access access(Endpoint endpoint, Session session) {
    return endpoint.access(session.getMetadata().getNamespace(), session.getMetadata().getName());
  }

  /** The worker who calls; empty for everybody else. */
  Optional<Worker> worker() {
    return Optional.ofNullable(worker);
  }

  boolean isWorker() {
    return worker != null;
  }

  /** Refuses a worker whose credential does not open the endpoint. */
  static void requireWorker(Endpoint endpoint, Worker worker) throws WireError {
    if (!endpoint.takes(worker)) {
      throw notForWorkers(endpoint, worker);
    }
  }

  private static WireError notForWorkers(Endpoint endpoint, Worker worker) {
    return new WireError(
        Type.PERMISSION,
        "%s does not take %s: it needs %s"
            .formatted(endpoint.path().text(), worker.describe(), endpoint.needs()));
  }

  /** Who calls, for records and logs: the name that the cluster knows. */
  String principal() {
    return identity.username();
  }

  /** The namespace that the call is about; the answer says it, too, for clients log it. */
  String workspace() throws WireError {
    Optional<String> named =
        call.header(WORKSPACE).map(String::strip).filter(name -> !name.isEmpty());
    if (named.isPresent() && !named.get().matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw WireError.invalid(WORKSPACE + ": must be the name of a namespace");
    }
    if (worker != null && named.isPresent() && !named.get().equals(worker.namespace())) {
      throw WireError.invalid(WORKSPACE + ": this credential is of another workspace");
    }
    String workspace =
        named
            .or(() -> worker == null ? identity.namespace() : Optional.of(worker.namespace()))
            .orElseThrow(() ->
                WireError.invalid(
                    WORKSPACE
                        + ": "
                        + identity.username()
                        + " belongs to no namespace, so the header must name one"));
    call.withHeader(WORKSPACE, workspace);
    return workspace;
  }

  private static boolean isIn(Session session, String workspace) {
    return workspace.equals(session.getMetadata().getNamespace());
  }
}
