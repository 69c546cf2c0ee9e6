package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.pki.Pki;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The components of the dev cluster and all their settings, in the order in which they start. */
final class Components {

  static final String NAMESPACE = "rouse-system";
  static final String OPERATOR_ACCOUNT = "rouse-operator";
  static final String SERVER_ACCOUNT = "rouse-server";
  static final String PROVISIONER_NAMESPACE = "kube-system";
  static final String PROVISIONER_ACCOUNT = "rouse-dev-provisioner";

  static final String BRAIN_IMAGE = "rouse.dev/brain:dev";
  static final String HANDS_IMAGE = "rouse.dev/hands:dev";

  static final JavaProgram BRAIN = new JavaProgram("harness", "dev.rouse.harness.Main", 128);
  static final JavaProgram HANDS = new JavaProgram("hands", "dev.rouse.hands.Main", 64);

  static final JavaProgram NODE =
      new JavaProgram("devcluster", "dev.rouse.devcluster.node.Main", 128);

  static final JavaProgram PROVISIONER =
      new JavaProgram("devcluster", "dev.rouse.devcluster.storage.Main", 64);

  static final JavaProgram MODEL =
      new JavaProgram("devcluster", "dev.rouse.devcluster.model.Main", 64);

  static final JavaProgram SERVER = new JavaProgram("server", "dev.rouse.server.Main", 256);

  static final JavaProgram OPERATOR =
      new JavaProgram("controller", "dev.rouse.controller.Main", 256);

  private static final Duration SECONDS = Duration.ofSeconds(2);

  /** The node ends its pods before it ends itself, and those may use their own grace periods. */
  private static final Duration NODE_GRACE = Duration.ofSeconds(8);

  private Components() {}

  /** What has to be built, by the name of the component that needs it. */
  static Map<String, List<JavaProgram>> programs() {
    return Map.of(
        "node", List.of(NODE, BRAIN, HANDS),
        "provisioner", List.of(PROVISIONER),
        "model", List.of(MODEL),
        "server", List.of(SERVER),
        "operator", List.of(OPERATOR));
  }

  /**
   * What is started so often that an ahead-of-time cache pays: all but those of the cluster itself.
   */
  static List<JavaProgram> withCaches() {
    return List.of(SERVER, OPERATOR, BRAIN, HANDS, JavaProgram.CLI);
  }

  static List<Component> all(Wiring wiring) {
    return List.of(
        node(wiring), provisioner(wiring), model(wiring), server(wiring), operator(wiring));
  }

  private static Component node(Wiring wiring) {
    return new Component(
        "node",
        NODE,
        List.of(
            "--name",
            Pki.NODE_NAME,
            "--kubeconfig",
            wiring.nodeKubeconfig().toString(),
            "--data",
            wiring.nodeData().toString(),
            "--images",
            wiring.images().toString(),
            "--address-range",
            wiring.addressRange(),
            "--serving-cert",
            wiring.pki().node().certificate().toString(),
            "--serving-key",
            wiring.pki().node().key().toString(),
            "--client-ca",
            wiring.pki().ca().toString(),
            "--listen",
            "127.0.0.1:0"),
        Map.of(),
        new Readiness.NodeReady(Pki.NODE_NAME),
        NODE_GRACE);
  }

  private static Component provisioner(Wiring wiring) {
    return new Component(
        "provisioner",
        PROVISIONER,
        List.of(
            "--kubeconfig",
            wiring.provisionerKubeconfig().toString(),
            "--data",
            wiring.volumes().toString()),
        Map.of(),
        new Readiness.Runs(),
        SECONDS);
  }

  private static Component model(Wiring wiring) {
    return new Component(
        "model",
        MODEL,
        List.of(
            "--scripts",
            wiring.scripts().toString(),
            "--listen",
            "127.0.0.1:" + wiring.ports().model(),
            "--record",
            wiring.directory().resolve("model-record.jsonl").toString()),
        Map.of(),
        new Readiness.Listens(wiring.ports().model()),
        SECONDS);
  }

  private static Component server(Wiring wiring) {
    return new Component(
        "server",
        SERVER,
        List.of(),
        Map.of(
            "KUBECONFIG", wiring.serverKubeconfig().toString(),
            "ROUSE_LISTEN", "127.0.0.1:" + wiring.ports().server(),
            "ROUSE_TLS_CERT", wiring.pki().rouseServer().certificate().toString(),
            "ROUSE_TLS_KEY", wiring.pki().rouseServer().key().toString(),
            "ROUSE_NAMESPACE", NAMESPACE),
        new Readiness.Answers(wiring.serverUrl().resolve("/readyz")),
        SECONDS);
  }

  private static Component operator(Wiring wiring) {
    return new Component(
        "operator",
        OPERATOR,
        List.of(),
        Map.of(
            "KUBECONFIG",
            wiring.operatorKubeconfig().toString(),
            "ROUSE_SERVER_URL",
            wiring.serverUrl().toString(),
            "ROUSE_BRAIN_IMAGE",
            BRAIN_IMAGE,
            "ROUSE_HANDS_IMAGE",
            HANDS_IMAGE,
            // The node knows programs and no images: out of none can anything be copied.
            "ROUSE_HANDS_RUNTIME",
            "image",
            "ROUSE_CA_FILE",
            wiring.pki().ca().toString(),
            "ROUSE_NAMESPACE",
            NAMESPACE,
            // Nothing isolates a process of this machine: hands that tried would never work.
            "ROUSE_SANDBOX_FORBIDDEN",
            ""),
        new Readiness.Runs(),
        SECONDS);
  }
}
