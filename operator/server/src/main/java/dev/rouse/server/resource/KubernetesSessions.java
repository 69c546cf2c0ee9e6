package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the API server. The status is written by server-side apply as {@link Rouse#SERVER_MANAGER};
 * specs as {@link Rouse#API_MANAGER}, never by force: what somebody else manages stays theirs.
 */
public final class KubernetesSessions implements SessionObjects {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Rouse.SERVER_MANAGER)
          .withForce(true)
          .build();

  private static final PatchContext APPLY_AS_API =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Rouse.API_MANAGER)
          .withForce(false)
          .build();

  private static final PatchContext MERGE_AS_API =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Rouse.API_MANAGER)
          .build();

  private static final PatchContext MERGE_AS_SERVER =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Rouse.SERVER_MANAGER)
          .build();

  private final KubernetesClient client;
  private final SpecObjects<Session> specs;

  public KubernetesSessions(KubernetesClient client) {
    this.client = client;
    this.specs = new KubernetesSpecs<>(client, Session.class);
  }

  @Override
  public Optional<Session> read(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Session.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public Session create(Session session) {
    return client.resource(session).patch(APPLY_AS_API);
  }

  @Override
  public Changed change(Session read, SessionChange change) {
    ObjectNode before =
        client.getKubernetesSerialization().convertValue(read.getSpec(), ObjectNode.class);
    OwnedFields.Plan plan = OwnedFields.of(read).plan(before, edited(before, change));
    if (!plan.owners().isEmpty()) {
      return new Changed.Owned(plan.owners());
    }
    return switch (specs.apply(
        SpecObjects.Change.of(read, marks(read.getMetadata()), plan.spec()))) {
      case SpecObjects.Applied.Done<Session>(Session session) -> new Changed.Done(session);
      case SpecObjects.Applied.Stale<Session> _ -> new Changed.Conflict();
      case SpecObjects.Applied.Owned<Session>(var owners) -> new Changed.Owned(owners);
      case SpecObjects.Applied.Refused<Session>(String message) -> new Changed.Refused(message);
    };
  }

  /** A mark stays until {@link #unmark}: what is not applied again is taken away. */
  private static Map<String, String> marks(ObjectMeta metadata) {
    Map<String, String> all = metadata.getAnnotations();
    String mark = all == null ? null : all.get(Rouse.CREATING_ANNOTATION);
    return mark == null ? Map.of() : Map.of(Rouse.CREATING_ANNOTATION, mark);
  }

  private static ObjectNode edited(ObjectNode before, SessionChange change) {
    ObjectNode spec = before.deepCopy();
    SessionChange.Title title = change.title();
    if (title != null && title.text() != null) {
      spec.put("title", title.text());
    } else if (title != null) {
      spec.remove("title");
    }
    if (!change.put().isEmpty() || !change.removed().isEmpty()) {
      ObjectNode metadata = spec.withObject("/metadata");
      change.put().forEach(metadata::put);
      metadata.remove(change.removed());
      if (metadata.isEmpty()) {
        // An applied empty map whose last key goes becomes null, which the schema refuses.
        spec.remove("metadata");
      }
    }
    if (change.archive()) {
      spec.put("archived", true);
    }
    return spec;
  }

  @Override
  public Applied unmark(Session session) {
    ObjectMeta metadata = session.getMetadata();
    String patch =
        "{\"metadata\":{\"uid\":\"%s\",\"annotations\":{\"%s\":null}}}"
            .formatted(metadata.getUid(), Rouse.CREATING_ANNOTATION);
    return written(() ->
        client
            .resources(Session.class)
            .inNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .patch(MERGE_AS_API, patch));
  }

  @Override
  public Applied finalizers(Session read, List<String> finalizers) {
    ObjectMeta metadata = read.getMetadata();
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ArrayNode all =
        patch
            .putObject("metadata")
            .put("uid", metadata.getUid())
            .put("resourceVersion", metadata.getResourceVersion())
            .putArray("finalizers");
    finalizers.forEach(all::add);
    return written(() ->
        client
            .resources(Session.class)
            .inNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .patch(MERGE_AS_SERVER, patch.toString()));
  }

  @Override
  public Applied delete(Session read) {
    return written(() -> {
      client
          .resources(Session.class)
          .resource(read)
          .lockResourceVersion(read.getMetadata().getResourceVersion())
          .delete();
      return read;
    });
  }

  @Override
  public Applied applyStatus(Session session) {
    return written(() -> client.resource(session).subresource("status").patch(APPLY));
  }

  private static Applied written(Supplier<Session> write) {
    try {
      return new Applied.Done(write.get());
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> new Applied.Conflict();
        case HttpURLConnection.HTTP_NOT_FOUND -> new Applied.Gone();
        default -> throw e;
      };
    }
  }
}
