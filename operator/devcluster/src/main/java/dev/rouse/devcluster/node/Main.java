package dev.rouse.devcluster.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a dev node until SIGTERM. */
@Command(
    name = "rouse-dev-node",
    mixinStandardHelpOptions = true,
    description = "A Kubernetes node that runs pods as processes of this machine, for development.")
public final class Main implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Option(names = "--name", defaultValue = "rouse-dev", description = "Name of the Node object.")
  private String name;

  @Option(names = "--kubeconfig", required = true, description = "Identity system:node:<name>.")
  private Path kubeconfig;

  @Option(names = "--data", required = true, description = "Directory for pods and volumes.")
  private Path data;

  @Option(names = "--images", required = true, description = "YAML: images: {NAME: {command: []}}.")
  private Path images;

  @Option(
      names = "--address-range",
      defaultValue = "127.40.0.0/24",
      description = "Loopback addresses for pods.")
  private String addressRange;

  @Option(names = "--serving-cert", required = true, description = "PEM, for 127.0.0.1.")
  private Path servingCert;

  @Option(names = "--serving-key", required = true, description = "PEM.")
  private Path servingKey;

  @Option(names = "--client-ca", required = true, description = "PEM: who signs our clients.")
  private Path clientCa;

  @Option(names = "--listen", defaultValue = "127.0.0.1:0", description = "HTTPS endpoint.")
  private String listen;

  @Option(
      names = "--lease-seconds",
      defaultValue = "8",
      description = "Length of the node's Lease; it is renewed four times in it.")
  private int leaseSeconds;

  @Option(names = "--leave-pods", description = "Leave pods' processes running at our end.")
  private boolean leavePods;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    DevNode node = new DevNode(config(), Clock.systemUTC());
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "shutdown"));
    node.start();
    System.out.printf("node %s ready, https://127.0.0.1:%d%n", name, node.port());
    never.await();
    return 0;
  }

  private NodeConfig config() {
    int colon = listen.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("--listen must look like 127.0.0.1:0, not " + listen);
    }
    InetSocketAddress address =
        new InetSocketAddress(
            listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    return new NodeConfig(
        name,
        kubeconfig,
        data,
        images,
        addressRange,
        servingCert,
        servingKey,
        clientCa,
        address,
        Duration.ofSeconds(leaseSeconds),
        leavePods);
  }

  private static void close(DevNode node) {
    try {
      node.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("not everything ended in order");
    }
  }
}
