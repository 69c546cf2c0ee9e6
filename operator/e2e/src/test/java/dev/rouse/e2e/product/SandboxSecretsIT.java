package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.PodProcess;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.WorkGate;
import dev.rouse.e2e.cluster.WorkSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A sandbox at work, searched for credentials: environment, arguments, open files and mounts of its
 * processes, and every file of its pod and volume. Looked for are the values of all Secrets of the
 * cluster, and whatever is written like a token or a private key.
 */
@ExtendWith(SharedCluster.class)
@Order(6)
class SandboxSecretsIT {

  private static final String KEY = "sk-7f3a9c51e2d84b06";
  private static final int SHORT = 12;

  /** Keys of Secrets whose values anybody may have. */
  private static final Set<String> PUBLIC = Set.of("public", "ca.crt", "tls.crt");

  private static final Pattern TOKEN =
      Pattern.compile("eyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]{10,}");
  private static final Pattern PRIVATE = Pattern.compile("BEGIN [A-Z ]*PRIVATE KEY");
  private static final Pattern MOUNT = Pattern.compile("(?i)serviceaccount|secret|/token");

  private final Cluster cluster;

  SandboxSecretsIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @Tag("failure-18")
  @Test
  void handsHoldNoCredentialAndGiveToolsNone() throws IOException {
    // Given
    Namespace namespace = cluster.namespace("secrets");
    namespace.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: model-key}
        stringData: {api-key: %s}
        """
            .formatted(KEY));
    WorkSession session = namespace.work("searched", "hold searched");
    WorkGate gate = new WorkGate(session);
    gate.awaitReached();
    List<String> secrets = secrets();

    // When
    Set<String> inHands = search(session.hands(), List.of(session.volume().orElseThrow()), secrets);
    Set<String> inBrain = search(session.brain(), List.of(), secrets);
    gate.open();

    // Then
    assertThat(inHands).isEmpty();
    // The same search finds what a brain has, so it can find.
    assertThat(inBrain)
        .anyMatch(it -> it.endsWith("a token"))
        .anyMatch(it -> it.endsWith("a Secret"));
    session.awaitAnswer("Both pieces are done: hold searched");
  }

  /** Of everything in the cluster, as text and as it is encoded. */
  private List<String> secrets() {
    List<String> all = new ArrayList<>();
    cluster.client().secrets().inAnyNamespace().list().getItems().stream()
        .flatMap(it -> it.getData().entrySet().stream())
        .filter(it -> !PUBLIC.contains(it.getKey()))
        .map(Map.Entry::getValue)
        .forEach(encoded -> {
          all.add(encoded);
          all.add(new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1));
        });
    assertThat(all).contains(KEY);
    return all.stream().map(String::strip).filter(it -> it.length() >= SHORT).toList();
  }

  private Set<String> search(PodProcess pod, List<Path> more, List<String> secrets)
      throws IOException {
    Path node = cluster.launcher().nodeData();
    List<Path> places = new ArrayList<>(more);
    for (String kind : List.of("pods", "volumes")) {
      places.add(node.resolve(kind).resolve(pod.podUid()));
    }
    Set<String> found = new TreeSet<>();
    ProcessHandle main = ProcessHandle.of(pod.pid()).orElseThrow();
    for (ProcessHandle process : Stream.concat(Stream.of(main), main.descendants()).toList()) {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      for (String file : List.of("environ", "cmdline")) {
        look(proc.resolve(file), secrets, found);
      }
      for (String line : Files.readAllLines(proc.resolve("mountinfo"))) {
        if (line.contains(pod.podUid()) && MOUNT.matcher(line).find()) {
          found.add("mount " + line);
        }
      }
      try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
        for (Path target : open.map(SandboxSecretsIT::target).filter(Objects::nonNull).toList()) {
          if (places.stream().anyMatch(target::startsWith)) {
            look(target, secrets, found);
          }
        }
      }
    }
    for (Path place : places) {
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.toList()) {
          look(file, secrets, found);
        }
      }
    }
    return found;
  }

  private static @Nullable Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }

  private static void look(Path file, List<String> secrets, Set<String> found) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    if (TOKEN.matcher(text).find()) {
      found.add(file + " has a token");
    }
    if (PRIVATE.matcher(text).find()) {
      found.add(file + " has a private key");
    }
    if (secrets.stream().anyMatch(text::contains)) {
      found.add(file + " has a Secret");
    }
  }
}
