package dev.rouse.devcluster.controlplane;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Applies YAML by server-side apply, as the dev cluster. */
public final class Manifests {

  private static final String MANAGER = "rouse-dev";

  private final KubernetesClient client;

  public Manifests(KubernetesClient client) {
    this.client = client;
  }

  /** The YAML files of a directory itself, in order; none if there is no such directory. */
  public static List<Path> in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
          .sorted()
          .toList();
    }
  }

  /**
   * Applies every document of the files, one after the other. A CustomResourceDefinition can be
   * used when this returns.
   *
   * @throws IOException naming the file and object that was refused
   */
  public void apply(List<Path> files) throws IOException {
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        apply(in, file.toString());
      }
    }
  }

  /** Applies every document of a stream; {@code source} is what an error calls it. */
  public void apply(InputStream yaml, String source) throws IOException {
    List<HasMetadata> objects = client.load(yaml).items();
    for (HasMetadata object : objects) {
      try {
        apply(object);
      } catch (RuntimeException e) {
        throw new IOException(
            "%s: %s %s was refused: %s"
                .formatted(
                    source, object.getKind(), object.getMetadata().getName(), e.getMessage()),
            e);
      }
    }
    objects.stream()
        .filter(CustomResourceDefinition.class::isInstance)
        .forEach(crd -> awaitEstablished(crd.getMetadata().getName()));
  }

  /** Applies one object; what another manager says is overruled. */
  public void apply(HasMetadata object) {
    client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
  }

  private void awaitEstablished(String name) {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(name)
        .waitUntilCondition(Manifests::isEstablished, 20, TimeUnit.SECONDS);
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }
}
