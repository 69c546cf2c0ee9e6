package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rouse.api.Environment;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.api.wire.Metadata;
import dev.rouse.server.auth.WorkTicket;
import dev.rouse.server.auth.Worker;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.Catalog;
import dev.rouse.server.work.WorkItem;
import dev.rouse.server.work.WorkQueue;
import dev.rouse.server.work.WorkQueue.Outcome;
import dev.rouse.session.EventCodec;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/environments/{environment}/work}: the work queue (contract §1.4). */
final class WorkApi implements Section {

  private static final int BODY = 64 * 1024;
  private static final int MAX_BLOCK_MS = 999;
  private static final int DAY_SECONDS = 86_400;
  private static final int DAY_MS = DAY_SECONDS * 1000;
  private static final Duration RECLAIM = Duration.ofMillis(5000);
  private static final int WORKER_NAME = 256;
  private static final String LIST = "work";

  /** The newest first. */
  private static final Comparator<WorkItem> ORDER =
      Comparator.comparing(WorkApi::position).thenComparing(WorkItem::uid).reversed();

  private final Definitions<Environment> environments;
  private final WorkQueue queue;
  private final PrivateKey ticketKey;

  WorkApi(Catalog catalog, WorkQueue queue, PrivateKey ticketKey) {
    this.environments =
        new Definitions<>(
            "environment",
            WireIds::environmentUidOf,
            catalog.environments(),
            catalog.environmentSpecs());
    this.queue = queue;
    this.ticketKey = ticketKey;
  }

  @Override
  public void handle(Endpoint endpoint, List<String> places, Visitor visitor, Call call)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    Environment environment = environment(endpoint, places.getFirst(), visitor);
    String namespace = environment.getMetadata().getNamespace();
    String uid = environment.getMetadata().getUid();
    switch (endpoint) {
      case WORK_LIST -> list(call, namespace, uid);
      case WORK_POLL -> poll(call, namespace, uid, visitor.worker().orElseThrow());
      case WORK_STATS -> call.answer(200, WorkBody.stats(queue.stats(namespace, uid, RECLAIM)));
      case WORK, WORK_UPDATE, WORK_ACK, WORK_HEARTBEAT, WORK_STOP ->
          one(endpoint, call, item(visitor, uid, places.getLast()), places.getLast());
      default -> throw new IllegalStateException(endpoint + " is not of this section");
    }
  }

  private void one(Endpoint endpoint, Call call, WorkItem item, String id)
      throws WireError, InvalidBody, BodyRefused, InterruptedException {
    switch (endpoint) {
      case WORK -> answer(call, queue.fresh(item).orElseThrow(() -> gone(id)));
      case WORK_UPDATE -> answer(call, done(update(call, item), id));
      case WORK_ACK -> answer(call, done(queue.acknowledge(item), id));
      case WORK_HEARTBEAT -> beat(call, item, id);
      case WORK_STOP -> {
        Body body = Body.parse(call.body(BODY));
        boolean force = Boolean.TRUE.equals(body.bool("force"));
        body.refuseUnknown();
        answer(call, done(queue.stop(item, force), id));
      }
      default -> throw new IllegalStateException(endpoint + " is not about one item");
    }
  }

  /** The environment, if the caller may call the endpoint for it; it must have a queue. */
  private Environment environment(Endpoint endpoint, String id, Visitor visitor)
      throws WireError, InterruptedException {
    Optional<Worker> worker = visitor.worker();
    if (worker.isEmpty()) {
      Environment found = environments.find(visitor, endpoint, id);
      if (!found.getSpec().selfHosted()) {
        throw WireError.invalid(
            "environment %s is of type cloud: only self-hosted ones have a work queue"
                .formatted(id));
      }
      return found;
    }
    String workspace = visitor.workspace();
    Visitor.requireWorker(endpoint, worker.get());
    Optional<String> uid =
        WireIds.environmentUidOf(id).filter(worker.get().environmentUid()::equals);
    Optional<Environment> found =
        uid.isEmpty() ? Optional.empty() : environments.known().await(uid.get(), Visitor.PATIENCE);
    return found
        .filter(it -> it.getMetadata().getNamespace().equals(workspace))
        .orElseThrow(() ->
            WireError.notFound(
                "there is no environment %s for %s".formatted(id, worker.get().describe())));
  }

  private WorkItem item(Visitor visitor, String environmentUid, String id)
      throws WireError, InterruptedException {
    Optional<String> uid = WireIds.workUidOf(id);
    @Nullable Worker worker = visitor.worker().orElse(null);
    Worker.@Nullable Item ticket = worker == null ? null : worker.item();
    if (uid.isEmpty() || (ticket != null && !ticket.workUid().equals(uid.get()))) {
      throw gone(id);
    }
    return queue
        .items()
        .await(uid.get(), Visitor.PATIENCE)
        .filter(it -> it.environmentUid().equals(environmentUid))
        .orElseThrow(() -> gone(id));
  }

  private static WireError gone(String id) {
    return WireError.notFound(
        "there is no work item %s in this environment: a stopped one goes after an hour, and when"
                .formatted(id)
            + " its session gets another");
  }

  private static WorkItem done(Outcome outcome, String id) throws WireError {
    return switch (outcome) {
      case Outcome.Done(WorkItem item) -> item;
      case Outcome.Refused(WorkItem item) ->
          throw WireError.conflict(
              "work item %s is %s already".formatted(id, item.state().wireName()));
      case Outcome.Gone _ -> throw gone(id);
      case Outcome.Busy _ ->
          throw WireError.notNow(
              "work item %s is changed by others all the time: try again".formatted(id));
    };
  }

  private static void answer(Call call, WorkItem item) {
    call.answer(200, WorkBody.of(item, null));
  }

  private void poll(Call call, String namespace, String environmentUid, Worker worker)
      throws WireError, InterruptedException {
    Integer block = number(call, "block_ms", 1, MAX_BLOCK_MS);
    Integer reclaim = number(call, "reclaim_older_than_ms", 0, DAY_MS);
    @Nullable String name =
        call.header("anthropic-worker-id")
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> text.substring(0, Math.min(WORKER_NAME, text.length())))
            .orElse(null);
    Optional<WorkItem> claimed =
        queue.poll(
            namespace,
            environmentUid,
            name,
            Duration.ofMillis(block == null ? 0 : block),
            reclaim == null ? RECLAIM : Duration.ofMillis(reclaim));
    call.answer(
        200,
        claimed.isEmpty()
            ? NullNode.getInstance()
            : WorkBody.of(claimed.get(), secret(claimed.get(), worker)));
  }

  private String secret(WorkItem item, Worker worker) {
    String token =
        new WorkTicket(item.sessionUid(), item.uid(), item.environmentUid(), worker.key())
            .sign(ticketKey);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            JsonNodeFactory.instance
                .objectNode()
                .put("sessions_token", token)
                .toString()
                .getBytes(StandardCharsets.UTF_8));
  }

  private void beat(Call call, WorkItem item, String id) throws WireError {
    @Nullable String expected = call.query("expected_last_heartbeat").orElse(null);
    Integer ttl = number(call, "desired_ttl_seconds", 1, DAY_SECONDS);
    WorkQueue.Beat beat = queue.beat(item, expected, ttl);
    if (beat.outcome() instanceof Outcome.Refused(WorkItem now)) {
      throw WireError.precondition(
          "expected_last_heartbeat: another worker may have work item %s: stop working on it"
              .formatted(id),
          WorkBody.lost(now));
    }
    call.answer(200, WorkBody.beat(done(beat.outcome(), id), beat.extended()));
  }

  private Outcome update(Call call, WorkItem item)
      throws InvalidBody, BodyRefused, InterruptedException {
    Body body = Body.parse(call.body(BODY));
    // Read once for its faults; what it is merged with may change meanwhile.
    Metadata.merge(item.metadata(), body, false);
    body.refuseUnknown();
    return queue.label(item, before -> merged(before, body));
  }

  private static Map<String, String> merged(Map<String, String> before, Body body) {
    try {
      return Metadata.merge(before, body, false);
    } catch (InvalidBody e) {
      // Together with what came meanwhile there are too many.
      return before;
    }
  }

  private void list(Call call, String namespace, String environmentUid) throws WireError {
    int limit = Queries.limit(call, ListQuery.DEFAULT_LIMIT, ListQuery.MAX_LIMIT);
    Optional<String> page = call.query("page").filter(text -> !text.isEmpty());
    @Nullable ListCursor cursor = page.isEmpty() ? null : ListCursor.decode(page.get(), LIST);
    List<WorkItem> found =
        queue.items().of(namespace, environmentUid).stream()
            .sorted(ORDER)
            .filter(item -> cursor == null || isBehind(item, cursor))
            .limit(limit + 1L)
            .toList();
    boolean isLast = found.size() <= limit;
    ArrayNode data = JsonNodeFactory.instance.arrayNode();
    found.stream().limit(limit).forEach(item -> data.add(WorkBody.of(item, null)));
    WorkItem end = isLast ? null : found.get(limit - 1);
    call.answer(
        200,
        AgentsApi.page(
            data, end == null ? null : new ListCursor(LIST, position(end), end.uid()).encode()));
  }

  private static String position(WorkItem item) {
    return EventCodec.timestamp(item.createdAt());
  }

  private static boolean isBehind(WorkItem item, ListCursor cursor) {
    int order = position(item).compareTo(cursor.first());
    return order < 0 || (order == 0 && item.uid().compareTo(cursor.second()) < 0);
  }

  private static @Nullable Integer number(Call call, String name, int least, int most)
      throws WireError {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return null;
    }
    int number = text.get().matches("[0-9]{1,9}") ? Integer.parseInt(text.get()) : -1;
    if (number < least || number > most) {
      throw WireError.invalid("%s: must be a number from %d to %d".formatted(name, least, most));
    }
    return number;
  }
}
