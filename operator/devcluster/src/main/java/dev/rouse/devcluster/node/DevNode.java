package dev.rouse.devcluster.node;

import dev.rouse.devcluster.node.cluster.EventRecorder;
import dev.rouse.devcluster.node.cluster.NodeLease;
import dev.rouse.devcluster.node.cluster.NodeRegistration;
import dev.rouse.devcluster.node.cluster.NodeRegistration.NodeFacts;
import dev.rouse.devcluster.node.cluster.PodApi;
import dev.rouse.devcluster.node.container.ImageCatalog;
import dev.rouse.devcluster.node.container.LaunchPlanner;
import dev.rouse.devcluster.node.kubelet.KubeletServer;
import dev.rouse.devcluster.node.pod.AddressPool;
import dev.rouse.devcluster.node.pod.BackOff;
import dev.rouse.devcluster.node.pod.NodeServices;
import dev.rouse.devcluster.node.pod.PodWorkers;
import dev.rouse.devcluster.node.probe.Prober;
import dev.rouse.devcluster.node.probe.TrustingHttp;
import dev.rouse.devcluster.node.process.DirectoryWatch;
import dev.rouse.devcluster.node.process.Isolation;
import dev.rouse.devcluster.node.process.ProcFs;
import dev.rouse.devcluster.node.process.Processes;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node whose pods are processes of this machine. Nothing isolates them from it. */
public final class DevNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DevNode.class);

  /** Passed on to pods when set: by it the launcher finds what an earlier run left behind. */
  private static final String RUN_MARK = "ROUSE_RUN";

  private final NodeConfig config;
  private final KubernetesClient client;
  private final DirectoryWatch watch;
  private final ExecutorService background;
  private final PodWorkers workers;
  private final KubeletServer kubelet;
  private final NodeRegistration registration;
  private final Clock clock;
  private Optional<NodeLease> lease = Optional.empty();

  /** Prepares a node; nothing is registered before {@link #start}. */
  public DevNode(NodeConfig config, Clock clock) throws IOException {
    this.config = config;
    this.clock = clock;
    Files.createDirectories(config.data());
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(config.kubeconfig().toFile()))
            .build();
    watch = new DirectoryWatch();
    background = Executors.newVirtualThreadPerTaskExecutor();
    Isolation isolation = Isolation.detect();
    String notice =
        "none: pods are processes of this machine and user, held together by %s; securityContext, resource limits, read-only mounts and networks are accepted and not enforced"
            .formatted(isolation.description());
    EventRecorder events =
        new EventRecorder(client, config.name(), clock, DevNode::suffix, background);
    NodeServices services =
        new NodeServices(
            config.data().toRealPath(),
            client,
            new PodApi(client),
            events,
            new Processes(isolation, ProcFs.system(), watch, clock),
            new LaunchPlanner(new ImageCatalog(config.images()), inherited()),
            new Prober(TrustingHttp.client()),
            new AddressPool(config.addressRange()),
            BackOff.CRASH,
            clock);
    workers = new PodWorkers(services, config.name(), notice);
    kubelet =
        new KubeletServer(
            config.listen(),
            config.servingCertificate(),
            config.servingKey(),
            config.clientCa(),
            workers,
            clock);
    registration =
        new NodeRegistration(
            client, new NodeFacts(config.name(), kubelet.port(), notice), clock, background);
    LOG.atWarn()
        .addKeyValue("isolation", isolation)
        .log("sandboxes are not isolated here: {}", notice);
  }

  /** Registers the node and takes its pods over; returns when it is ready. */
  public void start() throws IOException, InterruptedException {
    Node node = Retry.until(registration::start);
    NodeLease started = new NodeLease(client, node, config.lease(), clock);
    started.start();
    lease = Optional.of(started);
    workers.start();
  }

  /** The port of its HTTPS endpoint. */
  public int port() {
    return kubelet.port();
  }

  /** Ends in order: the pods' processes too, unless configured otherwise. */
  @Override
  public void close() throws IOException, InterruptedException {
    workers.close(config.leavePods());
    lease.ifPresent(NodeLease::close);
    registration.close();
    kubelet.close();
    background.shutdown();
    client.close();
    watch.close();
  }

  private static Map<String, String> inherited() {
    return Stream.of(RUN_MARK)
        .filter(name -> System.getenv(name) != null)
        .collect(Collectors.toMap(name -> name, System::getenv));
  }

  private static String suffix() {
    Supplier<Long> random = () -> ThreadLocalRandom.current().nextLong();
    return HexFormat.of().toHexDigits(random.get());
  }
}
