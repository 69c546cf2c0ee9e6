package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.ObjectMapper;
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

  private static final PatchContext MERGE_AS_SERVER =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Rouse.SERVER_MANAGER)
          .build();

  private static final ObjectMapper SPECS = new ObjectMapper();

  private final KubernetesClient client;
  private final SpecObjects<Session> specs;

  public KubernetesSessions(KubernetesClient client) {
    this.client = client;
    this.specs = new KubernetesSpecs<>(client, Session.class);
  }

  @Override
  public Optional<Session> read(String namespace, String name) {
    return specs.read(namespace, name);
  }

  @Override
  public List<Session> list(String namespace) {
    return specs.list(namespace);
  }

  @Override
  public Applied<Session> apply(Change change) {
    return specs.apply(change);
  }

  @Override
  public boolean delete(Session read) {
    return specs.delete(read);
  }

  @Override
  public Applied<Session> change(Session read, SessionChange change) {
    ObjectNode before =
        client.getKubernetesSerialization().convertValue(read.getSpec(), ObjectNode.class);
    OwnedFields.Plan plan = OwnedFields.of(read).plan(before, edited(before, change));
    return plan.owners().isEmpty()
        ? specs.apply(Change.of(read, Map.of(), plan.spec()))
        : new Applied.Owned<>(plan.owners());
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
    SessionChange.Budget budget = change.budget();
    if (budget != null && budget.limit() != null) {
      spec.set("budget", SPECS.valueToTree(budget.limit()));
    } else if (budget != null) {
      spec.remove("budget");
    }
    if (change.archive()) {
      spec.put("archived", true);
    }
    return spec;
  }

  @Override
  public Optional<Session> unmark(Session read) {
    return specs.unmark(read);
  }

  @Override
  public Optional<Session> finalizers(Session read, List<String> finalizers) {
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
  public Optional<Session> applyStatus(Session session) {
    return written(() -> client.resource(session).subresource("status").patch(APPLY));
  }

  /** Empty if the object has changed or is gone since it was read. */
  private static Optional<Session> written(Supplier<Session> write) {
    try {
      return Optional.of(write.get());
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Optional.empty();
        default -> throw OutdatedCrds.causeOf(e, Session.class);
      };
    }
  }
}
