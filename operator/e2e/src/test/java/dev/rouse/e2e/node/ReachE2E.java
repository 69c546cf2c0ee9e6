package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.Outside;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import dev.rouse.e2e.node.AtWork.Moment;
import dev.rouse.e2e.node.AtWork.SecondCall;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Connections from inside of each kind of pod, against the table of docs/isolation.md. Behind every
 * address somebody listens, so that closed means kept from it.
 */
@ExtendWith(SharedBed.class)
@Order(48)
class ReachE2E {

  private static final int HANDS = 8085;
  private static final int BRAIN = 8081;
  private static final int KUBELET = 10250;
  private static final int DNS_READY = 8181;

  private final Team team;
  private final Bed bed;

  ReachE2E(Release release) throws IOException {
    this.team = Team.create(release, "reach");
    this.bed = release.bed();
  }

  @Tag("failure-19")
  @Test
  void connectionsAreOpenAndClosedAsThePageSays() throws Exception {
    // Given
    ConnectionTable page = ConnectionTable.of(bed.root().resolve("docs/isolation.md"));
    AtWork open = AtWork.at(Moment.TOOL, team, "open", "default");
    AtWork limited = AtWork.at(Moment.TOOL, team, "limited", "limited");
    // Of a session of its own: a pod always reaches itself.
    AtWork target = AtWork.at(Moment.TOOL, team, "target", "limited");
    PodContainer other = otherPod();
    Map<String, PodContainer> from = new LinkedHashMap<>();
    from.put("brain", open.session().brain());
    from.put("hands unrestricted", open.session().hands());
    from.put("hands limited", limited.session().hands());
    from.put("any other pod of the namespace", other);
    Map<String, List<InetSocketAddress>> to = targets(target.session());

    // When
    ConnectionTable tried = tryAll(from, to);

    // Then
    assertThat(tried).isEqualTo(page);
    for (AtWork work : List.of(open, limited, target)) {
      work.goOn();
      work.judge(SecondCall.DONE);
    }
    bed.kubectl()
        .run("delete", "pod", "other", "-n", team.name(), "--grace-period=1", "--wait=false");
  }

  /** Where to, by the heads of the table's columns; each address of a column must be alike. */
  private Map<String, List<InetSocketAddress>> targets(PodSession session) {
    Map<String, List<InetSocketAddress>> to = new LinkedHashMap<>();
    to.put("server", List.of(service(Release.NAMESPACE, "rouse-server", 443)));
    to.put(
        "hands of the same namespace",
        List.of(at(session.hands().address(team.client(), team.name()), HANDS)));
    to.put("brain", List.of(at(session.brain().address(team.client(), team.name()), BRAIN)));
    to.put("cluster DNS", List.of(service("kube-system", "kube-dns", 53)));
    to.put("API server", List.of(service("default", "kubernetes", 443)));
    to.put(
        "node address",
        bed.nodes().stream().map(node -> at(node.machine().address(), KUBELET)).toList());
    to.put("metadata 169.254.169.254", List.of(Outside.METADATA));
    to.put("another pod", List.of(at(dnsPod(), DNS_READY)));
    to.put("outside address", List.of(Outside.WORLD));
    return to;
  }

  private static ConnectionTable tryAll(
      Map<String, PodContainer> from, Map<String, List<InetSocketAddress>> to) throws Exception {
    Map<String, Map<String, Future<String>>> trials = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      from.forEach((row, pod) -> {
        Map<String, Future<String>> cells = new LinkedHashMap<>();
        to.forEach(
            (column, addresses) -> cells.put(column, threads.submit(() -> cell(pod, addresses))));
        trials.put(row, cells);
      });
    }
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, Future<String>>> row : trials.entrySet()) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (Map.Entry<String, Future<String>> cell : row.getValue().entrySet()) {
        cells.put(cell.getKey(), cell.getValue().get());
      }
      rows.put(row.getKey(), cells);
    }
    return new ConnectionTable(rows);
  }

  private static String cell(PodContainer pod, List<InetSocketAddress> addresses)
      throws IOException, InterruptedException {
    List<Boolean> reached = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      reached.add(pod.reaches(address.getAddress().getHostAddress(), address.getPort()));
    }
    if (!reached.contains(false)) {
      return "open";
    }
    return reached.contains(true) ? "open and closed: " + addresses + reached : "closed";
  }

  private PodContainer otherPod() throws IOException, InterruptedException {
    bed.applyYaml(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: other, namespace: reach}
        spec:
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: other
              image: %s
              imagePullPolicy: Never
              command: [sleep, "600"]
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """
            .formatted(bed.nodes().getFirst().ctr().image("rouse/hands:")));
    Pod ready =
        bed.client()
            .pods()
            .inNamespace(team.name())
            .withName("other")
            .waitUntilReady(60, TimeUnit.SECONDS);
    return PodContainer.of(bed, ready).orElseThrow();
  }

  private InetSocketAddress service(String namespace, String name, int port) {
    Service service = bed.client().services().inNamespace(namespace).withName(name).require();
    return at(service.getSpec().getClusterIP(), port);
  }

  private String dnsPod() {
    return bed.client()
        .pods()
        .inNamespace("kube-system")
        .withLabel("k8s-app", "kube-dns")
        .list()
        .getItems()
        .getFirst()
        .getStatus()
        .getPodIP();
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(address, port);
  }
}
