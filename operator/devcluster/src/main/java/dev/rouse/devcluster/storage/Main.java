package dev.rouse.devcluster.storage;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the provisioner until SIGTERM. */
@Command(
    name = "rouse-dev-provisioner",
    mixinStandardHelpOptions = true,
    description = "Makes a directory and a PersistentVolume for each claim of class rouse-dev.")
public final class Main implements Callable<Integer> {

  @Option(
      names = "--kubeconfig",
      required = true,
      description = "Identity kube-system/rouse-dev-provisioner.")
  private Path kubeconfig;

  @Option(names = "--data", required = true, description = "Directory for the volumes.")
  private Path data;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    try (KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        Provisioner provisioner = new Provisioner(client, data)) {
      provisioner.start();
      System.out.println("provisioner ready");
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
