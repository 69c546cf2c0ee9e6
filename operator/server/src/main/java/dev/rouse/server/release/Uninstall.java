package dev.rouse.server.release;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.server.resource.KubernetesSessions;
import dev.rouse.server.resource.SessionWriter;
import dev.rouse.server.resource.Sessions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last act of a release, when operator and server have lost their rights: nothing that is left
 * waits for one of them. Sessions whose log is in a database are let go, so that they and their
 * namespaces can be deleted; pods of sessions end. Sessions and logs stay, and a release that comes
 * later goes on with them.
 *
 * @param client with the rights of files/hooks/uninstall-role.yaml of the chart
 * @param namespaces that the release served; all if empty
 */
public record Uninstall(KubernetesClient client, List<String> namespaces) {

  public Uninstall {
    namespaces = List.copyOf(namespaces);
  }

  /** With {@code ROUSE_WATCH_NAMESPACES} of the environment, separated by commas. */
  public static Uninstall of(KubernetesClient client, Map<String, String> environment) {
    return new Uninstall(
        client,
        Arrays.stream(environment.getOrDefault("ROUSE_WATCH_NAMESPACES", "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList());
  }

  /**
   * Does it; doing it again does no harm.
   *
   * @return what was done
   * @throws KubernetesClientException when the cluster refuses
   */
  public String run() {
    SessionWriter writer = writer();
    List<Session> held =
        in(client.resources(Session.class))
            .filter(it -> it.getMetadata().getFinalizers().contains(Rouse.LOG_FINALIZER))
            .toList();
    held.forEach(writer::release);
    List<Pod> pods = in(client.pods()).filter(Uninstall::isOfSession).toList();
    pods.forEach(pod -> client.resource(pod).delete());
    return "sessions let go: %d, whose logs stay in their database; pods ended: %d"
        .formatted(held.size(), pods.size());
  }

  private SessionWriter writer() {
    KubernetesSessions objects = new KubernetesSessions(client);
    return new SessionWriter(objects, new Sessions(objects));
  }

  /** None where the kind is gone already. */
  private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
      Stream<T> in(MixedOperation<T, L, R> kind) {
    Stream<FilterWatchListDeletable<T, L, R>> places =
        namespaces.isEmpty()
            ? Stream.of(kind.inAnyNamespace())
            : namespaces.stream().map(kind::inNamespace);
    try {
      return places.flatMap(place -> place.list().getItems().stream()).toList().stream();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Stream.empty();
      }
      throw e;
    }
  }

  /** By its owner: anybody may give a pod our label. */
  private static boolean isOfSession(Pod pod) {
    return pod.getMetadata().getLabels() != null
        && pod.getMetadata().getLabels().containsKey(Rouse.SESSION_LABEL)
        && pod.getMetadata().getOwnerReferences().stream()
            .anyMatch(it ->
                it.getKind().equals("Session") && it.getApiVersion().equals(Rouse.API_VERSION));
  }
}
