package dev.rouse.server.wire;

import dev.rouse.api.Environment;
import dev.rouse.api.Session;
import dev.rouse.server.auth.Worker;
import dev.rouse.server.resource.Objects;
import dev.rouse.server.resource.Sessions;
import dev.rouse.server.wire.WireError.Type;
import dev.rouse.server.work.WorkItem;
import dev.rouse.server.work.WorkItems;
import dev.rouse.server.work.WorkState;
import java.util.Optional;

/**
 * Which sessions a worker of a self-hosted environment may see. With the environment's key those of
 * the environment; with the ticket of a work item its own, until the item is stopped. Every other
 * one does not exist for it.
 */
final class Workers {

  private final Sessions sessions;
  private final Objects<Environment> environments;
  private final WorkItems items;

  Workers(Sessions sessions, Objects<Environment> environments, WorkItems items) {
    this.sessions = sessions;
    this.environments = environments;
    this.items = items;
  }

  /**
   * The session of this UID.
   *
   * @param uid empty if {@code id} is not one of a session
   * @param id as the caller spelled it
   */
  Session session(Worker worker, Optional<String> uid, String id)
      throws WireError, InterruptedException {
    if (isOver(worker)) {
      throw new WireError(
          Type.AUTHENTICATION,
          "the work item of this token was stopped, and the token with it: poll for work again");
    }
    Optional<Session> found =
        uid.isEmpty() ? Optional.empty() : sessions.await(uid.get(), Visitor.PATIENCE);
    return found
        .filter(session -> isOf(worker, session))
        .orElseThrow(() ->
            WireError.notFound("there is no session %s for %s".formatted(id, worker.describe())));
  }

  /** Whether it may go on with a session that it was shown. */
  boolean mayStill(Worker worker, Session session) {
    try {
      return !isOver(worker) && isOf(worker, session);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isOver(Worker worker) throws InterruptedException {
    Worker.Item ticket = worker.item();
    if (ticket == null) {
      return false;
    }
    Optional<WorkItem> item = items.await(ticket.workUid(), Visitor.PATIENCE);
    return item.filter(it -> it.state() != WorkState.STOPPED).isEmpty();
  }

  private boolean isOf(Worker worker, Session session) {
    Worker.Item ticket = worker.item();
    String namespace = session.getMetadata().getNamespace();
    return namespace.equals(worker.namespace())
        && (ticket == null || ticket.sessionUid().equals(session.getMetadata().getUid()))
        && environments
            .get(worker.environmentUid())
            .filter(it -> it.getMetadata().getNamespace().equals(namespace))
            .filter(
                it -> it.getMetadata().getName().equals(session.getSpec().environmentRef().name()))
            .isPresent();
  }
}
