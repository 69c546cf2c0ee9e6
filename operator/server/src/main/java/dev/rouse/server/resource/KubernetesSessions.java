package dev.rouse.server.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern MANAGER = Pattern.compile("\"([^\"]+)\"");

  private final KubernetesClient client;

  public KubernetesSessions(KubernetesClient client) {
    this.client = client;
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
    ObjectMeta metadata = read.getMetadata();
    JsonNode before = client.getKubernetesSerialization().convertValue(read, JsonNode.class);
    ObjectNode spec = Ownership.appliedSpec(metadata, before.path("spec"), Rouse.API_MANAGER);
    edit(spec, change);
    GenericKubernetesResource applied =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(Rouse.API_VERSION)
            .withKind("Session")
            .withNewMetadata()
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .withUid(metadata.getUid())
            .withResourceVersion(metadata.getResourceVersion())
            .withAnnotations(marks(metadata))
            .endMetadata()
            .addToAdditionalProperties("spec", spec)
            .build();
    try {
      GenericKubernetesResource now = client.resource(applied).patch(APPLY_AS_API);
      Session session = client.getKubernetesSerialization().convertValue(now, Session.class);
      return refused(session, change).orElseGet(() -> new Changed.Done(session));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT -> owned(e).orElseGet(Changed.Conflict::new);
        case HttpURLConnection.HTTP_NOT_FOUND -> new Changed.Gone();
        default -> throw e;
      };
    }
  }

  /** A mark stays until {@link #unmark}: what is not applied again is taken away. */
  private static Map<String, String> marks(ObjectMeta metadata) {
    Map<String, String> all = metadata.getAnnotations();
    String mark = all == null ? null : all.get(Rouse.CREATING_ANNOTATION);
    return mark == null ? Map.of() : Map.of(Rouse.CREATING_ANNOTATION, mark);
  }

  private static void edit(ObjectNode spec, SessionChange change) {
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
  }

  /** What was to go and stays, because somebody else applies it, too. */
  private static Optional<Changed> refused(Session now, SessionChange change) {
    SessionSpec spec = now.getSpec();
    SessionChange.Title title = change.title();
    if (title != null && title.text() == null && spec.title() != null) {
      return Optional.of(new Changed.Owned(owner(now, List.of("title")), "spec.title"));
    }
    return change.removed().stream()
        .filter(spec.metadata()::containsKey)
        .findFirst()
        .map(
            key -> new Changed.Owned(owner(now, List.of("metadata", key)), "spec.metadata." + key));
  }

  private static String owner(Session session, List<String> path) {
    return Ownership.otherOwner(session.getMetadata(), Rouse.API_MANAGER, path)
        .orElse("somebody else");
  }

  /** Which manager stands against a change; empty if the object was merely read too early. */
  private static Optional<Changed> owned(KubernetesClientException e) {
    if (e.getStatus() == null || e.getStatus().getDetails() == null) {
      return Optional.empty();
    }
    return e.getStatus().getDetails().getCauses().stream()
        .filter(cause -> "FieldManagerConflict".equals(cause.getReason()))
        .findFirst()
        .map(cause -> new Changed.Owned(manager(cause), cause.getField().replaceFirst("^\\.", "")));
  }

  private static String manager(StatusCause cause) {
    Matcher matcher = MANAGER.matcher(cause.getMessage());
    return matcher.find() ? matcher.group(1) : cause.getMessage();
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
