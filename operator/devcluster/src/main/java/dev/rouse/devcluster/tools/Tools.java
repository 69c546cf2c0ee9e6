package dev.rouse.devcluster.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The programs a control plane is made of, each an executable file that exists.
 *
 * <p>They are looked for in {@code $ROUSE_TOOLS_DIR}, else {@code $XDG_CACHE_HOME/rouse/tools},
 * else {@code ~/.cache/rouse/tools}: the cache that {@code make tools} fills. The versions are read
 * from the go.mod files the programs are built from.
 */
public record Tools(
    Path etcd, Path kubeApiserver, Path kubeControllerManager, Path kubeScheduler, Path kubectl) {

  /**
   * Finds the programs.
   *
   * @param environment the process environment
   * @throws IllegalStateException if one is missing; the message names each and the way to get it
   */
  public static Tools locate(Map<String, String> environment) {
    Path cache = directory(environment);
    Path kubernetes = cache.resolve("kubernetes-" + kubernetesVersion());
    Tools tools =
        new Tools(
            cache.resolve("etcd-" + etcdVersion()).resolve("etcd"),
            kubernetes.resolve("kube-apiserver"),
            kubernetes.resolve("kube-controller-manager"),
            kubernetes.resolve("kube-scheduler"),
            kubernetes.resolve("kubectl"));
    List<Path> missing = tools.all().filter(file -> !Files.isExecutable(file)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the dev cluster's programs are not built: "
              + String.join(", ", missing.stream().map(Path::toString).toList())
              + " missing; run 'make tools' (once, 6-10 min), or set ROUSE_TOOLS_DIR to where they are");
    }
    return tools;
  }

  /** The directory that holds the programs by name and version; it need not exist. */
  public static Path directory(Map<String, String> environment) {
    String given = environment.getOrDefault("ROUSE_TOOLS_DIR", "");
    if (!given.isEmpty()) {
      return Path.of(given);
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        cache.isEmpty() ? Path.of(environment.getOrDefault("HOME", ""), ".cache") : Path.of(cache);
    return base.resolve("rouse").resolve("tools");
  }

  /** The version of Kubernetes' programs, such as {@code v1.35.4}. */
  public static String kubernetesVersion() {
    return GoModule.version(resource("kubernetes/go.mod"), "k8s.io/kubernetes");
  }

  /** The version of etcd, such as {@code v3.6.8}. */
  public static String etcdVersion() {
    return GoModule.version(resource("etcd/go.mod"), "go.etcd.io/etcd/server/v3");
  }

  /**
   * The program helm, which the control plane does not need.
   *
   * @param environment the process environment
   * @throws IllegalStateException if it is not built; the message says how to get it
   */
  public static Path helm(Map<String, String> environment) {
    Path helm = directory(environment).resolve("helm-" + helmVersion()).resolve("helm");
    if (!Files.isExecutable(helm)) {
      throw new IllegalStateException(
          helm + " is missing; run 'hack/tools.sh helm' (once, 1-3 min)");
    }
    return helm;
  }

  /** The version of helm, such as {@code v3.20.2}. */
  public static String helmVersion() {
    return GoModule.version(resource("helm/go.mod"), "helm.sh/helm/v3");
  }

  private Stream<Path> all() {
    return Stream.of(etcd, kubeApiserver, kubeControllerManager, kubeScheduler, kubectl);
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Tools.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
