package dev.rouse.e2e.bed;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the cluster looked like when a test failed, in {@code target/e2e/failures}. */
record Diagnosis(Kubectl kubectl) {

  private static final List<String> QUESTIONS =
      List.of(
          "get nodes --output wide",
          "get pods --all-namespaces --output wide",
          "get sessions.rouse.dev --all-namespaces --output yaml",
          "get networkpolicies --all-namespaces",
          "get persistentvolumeclaims --all-namespaces",
          "get events --all-namespaces --sort-by=.lastTimestamp",
          "describe pods --all-namespaces",
          "logs --namespace rouse-system --selector app.kubernetes.io/component=operator --tail=300",
          "logs --namespace rouse-system --selector app.kubernetes.io/component=server --tail=300");

  static Diagnosis of(Bed bed) {
    return new Diagnosis(bed.kubectl());
  }

  void write(String test) {
    Path file =
        Cluster.target()
            .resolve(Path.of("e2e", "failures", test.replaceAll("[^A-Za-z0-9-]+", "-") + ".txt"));
    StringBuilder text = new StringBuilder();
    for (String question : QUESTIONS) {
      text.append("$ kubectl ").append(question).append('\n');
      text.append(kubectl.tryRun("", question.split(" ")).output()).append('\n');
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      System.out.println("what the cluster looked like: " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
