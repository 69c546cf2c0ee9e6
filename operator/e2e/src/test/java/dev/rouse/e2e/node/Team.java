package dev.rouse.e2e.node;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.e2e.bed.Bed;
import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;

/** A namespace in which sessions can work. */
record Team(Release release, String name) {

  /** What must not be found in any sandbox. */
  static final String MODEL_KEY = "sk-e2e-4c1f0a5be77d4d0f";

  /** Makes one: model, environments, the agents {@code worker} and {@code shell}. */
  static Team create(Release release, String name) throws IOException {
    Bed bed = release.bed();
    bed.applyYaml(Cluster.manifest("/bed/team.yaml").formatted(name, bed.model().url(), MODEL_KEY));
    return new Team(release, name);
  }

  Bed bed() {
    return release.bed();
  }

  KubernetesClient client() {
    return bed().client();
  }

  /** A session of the worker that keeps its files. */
  PodSession work(String session, String text) throws IOException {
    return session(session, "worker", "default", text);
  }

  /** A session whose tool runs a command. */
  PodSession shell(String session, String environment, String command) throws IOException {
    return session(session, "shell", environment, run(command));
  }

  /** What makes the agent {@code shell} run a command. */
  static String run(String command) {
    return "run\n```sh command\n%s\n```".formatted(command);
  }

  PodSession session(String session, String agent, String environment, String text)
      throws IOException {
    bed()
        .applyYaml(
            Cluster.manifest("/bed/session.yaml")
                .formatted(name, session, agent, environment, quoted(text)));
    return existing(session);
  }

  /** A session that somebody else made. */
  PodSession existing(String session) {
    Session object =
        client().resources(Session.class).inNamespace(name).withName(session).require();
    return new PodSession(this, session, object.getMetadata().getUid());
  }

  /** The public API, as a program that may edit here. */
  ApiClient api() throws IOException {
    return ApiClient.of(
        release, bed().controlPlane().tokenFor(name, "app", Rouse.AUDIENCE, Duration.ofHours(1)));
  }

  /** A text as YAML takes it on one line. */
  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
