package dev.rouse.server.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Rouse;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the API server; writes by server-side apply as {@link Rouse#API_MANAGER}, never forced. */
public final class KubernetesSpecs<T extends HasMetadata> implements SpecObjects<T> {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Rouse.API_MANAGER)
          .withFieldValidation("Strict")
          .withForce(false)
          .build();

  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Rouse.API_MANAGER)
          .build();

  /**
   * Before the first write of a store, so that no object ever has it. An apply that names a version
   * fails where there is an object of another one, and makes the object where there is none: the
   * only apply that makes and never changes.
   */
  private static final String NEVER = "1";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the API server words it: {@code conflict with "manager" using rouse.dev/v1alpha1}. */
  private static final Pattern MANAGER = Pattern.compile("conflict with \"([^\"]*)\"");

  private final KubernetesClient client;
  private final Class<T> type;

  public KubernetesSpecs(KubernetesClient client, Class<T> type) {
    this.client = client;
    this.type = type;
  }

  private MixedOperation<T, KubernetesResourceList<T>, Resource<T>> resources() {
    return client.resources(type);
  }

  @Override
  public Optional<T> read(String namespace, String name) {
    return Optional.ofNullable(resources().inNamespace(namespace).withName(name).get());
  }

  @Override
  public List<T> list(String namespace) {
    return resources().inNamespace(namespace).list().getItems();
  }

  @Override
  public Applied<T> apply(Change change) {
    try {
      return new Applied.Done<>(client.resource(object(change)).patch(APPLY));
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case 409 -> change.isNew() ? new Applied.Taken<>() : conflict(e.getStatus());
        case 404 -> change.isNew() ? new Applied.Refused<>(message(e)) : new Applied.Stale<>();
        case 400, 403, 413, 422 -> new Applied.Refused<>(message(e));
        default -> throw OutdatedCrds.causeOf(e, type);
      };
    }
  }

  private T object(Change change) {
    ObjectNode json = JSON.createObjectNode();
    json.put("apiVersion", HasMetadata.getApiVersion(type));
    json.put("kind", HasMetadata.getKind(type));
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("namespace", change.namespace()).put("name", change.name());
    if (change.uid() != null) {
      metadata.put("uid", change.uid());
    }
    metadata.put("resourceVersion", change.isNew() ? NEVER : change.resourceVersion());
    if (!change.annotations().isEmpty()) {
      metadata.set("annotations", JSON.valueToTree(change.annotations()));
    }
    json.set("spec", change.spec());
    try {
      return JSON.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a change is not of its kind", e);
    }
  }

  private static String message(KubernetesClientException e) {
    Status status = e.getStatus();
    return status == null || status.getMessage() == null
        ? String.valueOf(e.getMessage())
        : status.getMessage();
  }

  private Applied<T> conflict(Status status) {
    List<FieldOwner> owners = new ArrayList<>();
    if (status != null && status.getDetails() != null) {
      for (StatusCause cause : status.getDetails().getCauses()) {
        if ("FieldManagerConflict".equals(cause.getReason())) {
          Matcher manager = MANAGER.matcher(String.valueOf(cause.getMessage()));
          owners.add(new FieldOwner(manager.find() ? manager.group(1) : "", cause.getField()));
        }
      }
    }
    return owners.isEmpty() ? new Applied.Stale<>() : new Applied.Owned<>(owners);
  }

  @Override
  public Optional<T> unmark(T read) {
    // With the UID another object of the same name is left alone.
    String patch =
        "{\"metadata\":{\"uid\":\"%s\",\"annotations\":{\"%s\":null}}}"
            .formatted(read.getMetadata().getUid(), Rouse.CREATING_ANNOTATION);
    try {
      return Optional.of(
          resources()
              .inNamespace(read.getMetadata().getNamespace())
              .withName(read.getMetadata().getName())
              .patch(MERGE, patch));
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404 || e.getCode() == 409) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public boolean delete(T read) {
    try {
      return !client
          .resource(read)
          .lockResourceVersion(read.getMetadata().getResourceVersion())
          .delete()
          .isEmpty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 409) {
        return false;
      }
      throw e;
    }
  }
}
