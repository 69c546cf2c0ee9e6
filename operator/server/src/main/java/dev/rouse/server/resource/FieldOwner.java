package dev.rouse.server.resource;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Who owns a field that the API may not change.
 *
 * @param manager the field manager's name; empty if nobody is recorded
 * @param field for example {@code .spec.system}
 */
public record FieldOwner(String manager, String field) {

  /** Names every owner once. */
  public static String describe(List<FieldOwner> owners) {
    return owners.stream().map(FieldOwner::describe).distinct().collect(Collectors.joining("; "));
  }

  /** Names the owner and says where to change the field, for people. */
  public String describe() {
    String name = manager.toLowerCase(Locale.ROOT);
    if (manager.isEmpty()) {
      return field + " belongs to no recorded field manager: change it with kubectl";
    }
    if (name.startsWith("kustomize-controller") || name.startsWith("helm-controller")) {
      return field + " is managed by Flux (field manager " + manager + "): change it in Git";
    }
    if (name.startsWith("argocd")) {
      return field + " is managed by Argo CD (field manager " + manager + "): change it in Git";
    }
    if (name.startsWith("kubectl")) {
      return field + " is managed by kubectl (field manager " + manager + "): change it there";
    }
    return field + " is managed by field manager " + manager + ": change it there";
  }
}
