package dev.rouse.devcluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.Session;
import dev.rouse.devcluster.launch.Launcher;
import dev.rouse.session.EventCodec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows, on a running dev cluster, that a session survives its brain: applies the coding example,
 * kills the brain with {@code kill -9} while a tool runs, and proves what came of it by the tool's
 * own traces.
 */
public final class Demo {

  private static final String NAMESPACE = "default";
  private static final String SESSION = "fix-duration";
  private static final String EXAMPLE = "examples/02-coding-agent.yaml";
  private static final String TESTS = "test_duration.sh";
  private static final String TRACE = "runs.log";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Launcher cluster;
  private final KubernetesClient client;
  private final Commands commands;
  private final List<String> kubectl;
  private final List<String> rouse;
  private final PrintStream out;

  /**
   * Prepares the demo.
   *
   * @param root the checkout
   * @param kubectl the program
   * @param rouse the command that starts {@code kubectl rouse}
   */
  public Demo(Launcher cluster, Path root, Path kubectl, List<String> rouse, PrintStream out) {
    this.cluster = cluster;
    this.client = cluster.controlPlane().client();
    this.kubectl = List.of(kubectl.toString(), "--request-timeout=20s");
    this.rouse = rouse;
    this.out = out;
    this.commands = new Commands(root, cluster.environment(), out);
  }

  /**
   * Runs it to its end.
   *
   * @throws DemoFailedException when something that it promises did not happen
   */
  public void run() throws IOException, InterruptedException {
    title("A coding agent gets a program with failing tests");
    commands.show("kubectl apply -f " + EXAMPLE, with(kubectl, "apply", "-f", EXAMPLE));
    Session session =
        client.resources(Session.class).inNamespace(NAMESPACE).withName(SESSION).require();
    Sandbox sandbox =
        new Sandbox(client, NAMESPACE, session.getMetadata().getUid(), cluster.nodeData());

    title("What happens, as it happens");
    out.println("$ kubectl rouse watch " + SESSION);
    Process watch =
        commands.start(
            with(rouse, "watch", SESSION, "--internal", "--until-idle", "--lines=4", "-o", "text"));
    try {
      killBrainWhileTestsRun(sandbox);
      if (!watch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new DemoFailedException("the session did not come to rest within 90 s");
      }
    } finally {
      watch.destroy();
      watch.getOutputStream().close();
    }
    Wait.until("the session is idle", PATIENCE, this::isIdle);
    judge(sandbox, System.nanoTime());
  }

  private void killBrainWhileTestsRun(Sandbox sandbox) throws IOException, InterruptedException {
    Wait.until(
        "the agent's first test run has begun", PATIENCE, () -> sandbox.file(TRACE).isPresent());
    long brain =
        sandbox.brainProcess().orElseThrow(() -> new DemoFailedException("there is no brain"));
    ProcessHandle process =
        ProcessHandle.of(brain).orElseThrow(() -> new DemoFailedException("the brain has ended"));
    commands.run(List.of("kill", "-9", Long.toString(brain)));
    process.onExit().join();
    out.println();
    title("killed the brain (kill -9 %d) while the tests were running".formatted(brain));
  }

  private boolean isIdle() {
    Session session =
        client.resources(Session.class).inNamespace(NAMESPACE).withName(SESSION).require();
    return session.getStatus() != null && "Idle".equals(session.getStatus().phase());
  }

  private void judge(Sandbox sandbox, long idleSince) throws IOException, InterruptedException {
    List<JsonNode> events = events();
    List<String> findings = new ArrayList<>();

    long wakes = count(events, "rouse.woken");
    require(wakes == 2, "the session woke %d times, not twice".formatted(wakes));
    findings.add("a second brain woke the session under epoch 2");

    long wanted =
        events.stream()
            .filter(event -> event.path("type").asText().equals("agent.tool_use"))
            .filter(event -> event.path("input").path("command").asText().contains(TESTS))
            .count();
    Path trace =
        sandbox
            .file(TRACE)
            .orElseThrow(() -> new DemoFailedException("the workspace has no " + TRACE));
    long ran = Files.readAllLines(trace).size();
    require(wanted == ran, "%d test runs in the log, %d in the workspace".formatted(wanted, ran));
    findings.add(
        "the interrupted tool executed once: %d test runs asked for, %d traces in the workspace"
            .formatted(wanted, ran));

    String verdict = testsOf(sandbox);
    findings.add("the program's tests pass: " + verdict);

    String faults = get(cluster.modelUrl().resolve("/faults"));
    require(EventCodec.JSON.readTree(faults).isEmpty(), "the model was asked badly: " + faults);
    findings.add("the model saw no malformed request");

    Wait.until("the session's pods are gone", PATIENCE, () -> sandbox.pods().isEmpty());
    findings.add(
        "no pod is left, looked at %d s after the session came to rest (it lingers 5 s)"
            .formatted(Duration.ofNanos(System.nanoTime() - idleSince).toSeconds()));

    title("The session, now");
    commands.show(
        "kubectl get sessions.rouse.dev", with(kubectl, "get", "sessions.rouse.dev", SESSION));
    commands.show("kubectl rouse get " + SESSION, with(rouse, "get", SESSION));
    title("What was shown");
    findings.forEach(finding -> out.println("  ✓ " + finding));
    out.println();
    out.flush();
  }

  /** Runs the tests on a copy, so that the trace in the workspace stays the agent's own. */
  private String testsOf(Sandbox sandbox) throws IOException, InterruptedException {
    Path workspace =
        sandbox
            .file(TESTS)
            .map(Path::getParent)
            .orElseThrow(() -> new DemoFailedException("the workspace has no " + TESTS));
    Path copy = Files.createTempDirectory("rouse-demo");
    try {
      commands.run(List.of("cp", "-r", workspace + "/.", copy.toString()));
      String output = commands.run(List.of("bash", copy.resolve(TESTS).toString()));
      return output.lines().reduce((_, last) -> last).orElse("");
    } finally {
      commands.run(List.of("rm", "-rf", copy.toString()));
    }
  }

  private List<JsonNode> events() throws IOException, InterruptedException {
    List<JsonNode> events = new ArrayList<>();
    List<String> command =
        with(rouse, "watch", SESSION, "--internal", "--until-idle", "-o", "json");
    for (String line : commands.run(command).lines().toList()) {
      if (line.startsWith("{")) {
        events.add(EventCodec.JSON.readTree(line));
      }
    }
    return events;
  }

  private static long count(List<JsonNode> events, String type) {
    return events.stream().filter(event -> event.path("type").asText().equals(type)).count();
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new DemoFailedException(otherwise);
    }
  }

  private void title(String text) {
    out.println("── " + text + " " + "─".repeat(Math.max(3, 90 - text.length())));
    out.flush();
  }

  private static List<String> with(List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    return all;
  }
}
