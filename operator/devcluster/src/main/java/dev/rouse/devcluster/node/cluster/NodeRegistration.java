package dev.rouse.devcluster.node.cluster;

import dev.rouse.devcluster.node.container.MachineMemory;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Node object: makes it, and repairs it as soon as a watch shows that it is gone or no longer
 * says Ready, as after this program was stopped for a while.
 */
public final class NodeRegistration implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
  private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);

  /** Nothing here is enforced, so what pods ask for need not add up to what the machine has. */
  private static final int OVERCOMMIT = 16;

  private static final String MAX_PODS = "110";

  private final KubernetesClient client;
  private final NodeFacts facts;
  private final Clock clock;
  private final Executor executor;
  private final SharedIndexInformer<Node> own;

  public NodeRegistration(
      KubernetesClient client, NodeFacts facts, Clock clock, Executor executor) {
    this.client = client;
    this.facts = facts;
    this.clock = clock;
    this.executor = executor;
    this.own = client.nodes().withName(facts.name()).runnableInformer(0);
  }

  /**
   * What a node says about itself.
   *
   * @param name its name
   * @param kubeletPort where its HTTPS endpoint listens on 127.0.0.1
   * @param isolation the annotation {@code rouse.dev/isolation}
   */
  public record NodeFacts(String name, int kubeletPort, String isolation) {}

  /** Registers, then keeps the object right. */
  public Node start() {
    Node node = register();
    own.exceptionHandler((started, failure) -> true);
    own.addEventHandler(new Repair());
    own.start();
    return node;
  }

  @Override
  public void close() {
    own.stop();
  }

  private Node register() {
    Node wanted = node();
    try {
      client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      client.nodes().withName(facts.name()).patch(STRATEGIC, json(wanted));
    }
    return writeStatus();
  }

  private Node writeStatus() {
    Node status =
        new NodeBuilder(node())
            .withNewStatus()
            .withCapacity(resources())
            .withAllocatable(resources())
            .withConditions(conditions())
            .addNewAddress()
            .withType("InternalIP")
            .withAddress("127.0.0.1")
            .endAddress()
            .addNewAddress()
            .withType("Hostname")
            .withAddress(facts.name())
            .endAddress()
            .withNewDaemonEndpoints()
            .withNewKubeletEndpoint(facts.kubeletPort())
            .endDaemonEndpoints()
            .withNewNodeInfo()
            .withArchitecture(architecture())
            .withOperatingSystem("linux")
            .withOsImage("dev node: pods are processes of this machine")
            .withKernelVersion(System.getProperty("os.version"))
            .withContainerRuntimeVersion("rouse-dev://0.1.0")
            .withKubeletVersion("v1.35.0-rouse-dev-node")
            .withMachineID("")
            .withSystemUUID("")
            .withBootID("")
            .withKubeProxyVersion("")
            .endNodeInfo()
            .endStatus()
            .build();
    return client
        .nodes()
        .withName(facts.name())
        .subresource("status")
        .patch(STRATEGIC, json(status));
  }

  private Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(facts.name())
        .addToLabels("kubernetes.io/hostname", facts.name())
        .addToLabels("kubernetes.io/os", "linux")
        .addToLabels("kubernetes.io/arch", architecture())
        .addToAnnotations("rouse.dev/isolation", facts.isolation())
        .endMetadata()
        .build();
  }

  private static Map<String, Quantity> resources() {
    int cpus = Runtime.getRuntime().availableProcessors() * OVERCOMMIT;
    long mebibytes = MachineMemory.bytes() / (1024 * 1024) * OVERCOMMIT;
    return Map.of(
        "cpu", new Quantity(Integer.toString(cpus)),
        "memory", new Quantity(mebibytes + "Mi"),
        "ephemeral-storage", new Quantity("1Ti"),
        "pods", new Quantity(MAX_PODS));
  }

  private List<NodeCondition> conditions() {
    return List.of(
        condition("Ready", "True", "KubeletReady", "the dev node runs pods as local processes"),
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "not measured"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "not measured"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "not measured"));
  }

  private NodeCondition condition(String type, String status, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .build();
  }

  private static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }

  private String json(Node node) {
    return client.getKubernetesSerialization().asJson(node);
  }

  private static boolean ready(Node node) {
    return Optional.ofNullable(node.getStatus()).stream()
        .flatMap(status -> status.getConditions().stream())
        .anyMatch(condition ->
            condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  /** Looks at the object as the watch shows it. */
  private final class Repair implements ResourceEventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      onUpdate(node, node);
    }

    @Override
    public void onUpdate(Node before, Node after) {
      if (!ready(after)) {
        repair("not Ready");
      }
    }

    @Override
    public void onDelete(Node node, boolean finalStateUnknown) {
      repair("gone");
    }

    private void repair(String why) {
      executor.execute(() -> {
        try {
          LOG.atInfo().addKeyValue("why", why).log("writing the Node object again");
          Node unused = register();
        } catch (KubernetesClientException e) {
          LOG.atWarn().setCause(e).log("the Node object could not be written");
        }
      });
    }
  }
}
