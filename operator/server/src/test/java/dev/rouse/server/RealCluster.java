package dev.rouse.server;

import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real API server with our kinds and the shipped roles. Its one weakness: nothing collects
 * garbage.
 */
final class RealCluster implements AutoCloseable {

  static final String SYSTEM = "rouse-system";
  private static final Path ROOT = Path.of(System.getProperty("rouse.root"));

  private final KubeAPIServer server;
  private final KubernetesClient admin;

  /** Requests of servers that change something, as {@code METHOD path}. */
  final Queue<String> writes = new ConcurrentLinkedQueue<>();

  private RealCluster(KubeAPIServer server) {
    this.server = server;
    this.admin = new KubernetesClientBuilder().withConfig(config()).build();
  }

  static RealCluster start() throws IOException {
    Path tools = Path.of(System.getenv("ROUSE_TOOLS_DIR"), "kubeapitest");
    if (!Files.isDirectory(tools)) {
      throw new IllegalStateException("no Kubernetes programs in " + tools + ": run make tools");
    }
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(tools.toString())
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    RealCluster cluster = new RealCluster(server);
    cluster.prepare();
    return cluster;
  }

  private Config config() {
    Config config = Config.fromKubeconfig(server.getKubeConfigYaml());
    config.setRequestRetryBackoffLimit(0);
    return config;
  }

  private void prepare() throws IOException {
    namespace(SYSTEM);
    account(SYSTEM, "rouse-server");
    try (Stream<Path> crds = Files.list(ROOT.resolve("crds"))) {
      for (Path crd : crds.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        apply(crd);
      }
    }
    apply(ROOT.resolve("helm/rouse/files/server-role.yaml"));
    Awaitility.await("the kinds are served")
        .ignoreException(KubernetesClientException.class)
        .until(() -> admin.resources(Session.class).inNamespace(SYSTEM).list() != null);
  }

  private void apply(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      for (HasMetadata object : admin.load(in).items()) {
        admin.resource(object).create();
      }
    }
  }

  KubernetesClient admin() {
    return admin;
  }

  /** A kubeconfig of the server's own account. */
  String serverKubeconfig() {
    return kubeconfig("rouse-server");
  }

  /** An account of the release namespace with the rights of a file of the chart. */
  KubernetesClient granted(String account, String file) throws IOException {
    account(SYSTEM, account);
    apply(ROOT.resolve("helm/rouse/files").resolve(file));
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig(account)))
        .build();
  }

  private String kubeconfig(String account) {
    Config config = config();
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: c
      cluster: {server: "%s", insecure-skip-tls-verify: true}
    users:
    - name: u
      user: {token: "%s"}
    contexts:
    - name: x
      context: {cluster: c, user: u}
    current-context: x
    """
        .formatted(config.getMasterUrl(), token(SYSTEM, account, null));
  }

  /** A client with the shipped rights of the server, whose writes are counted. */
  KubernetesClient serverClient() {
    Config config = Config.fromKubeconfig(serverKubeconfig());
    config.setRequestRetryBackoffLimit(0);
    Interceptor count =
        new Interceptor() {
          @Override
          public void before(
              BasicBuilder builder, HttpRequest request, Interceptor.RequestTags tags) {
            if (!request.method().equals("GET") && !request.uri().getPath().contains("reviews")) {
              writes.add(request.method() + " " + request.uri().getPath());
            }
          }
        };
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", count))
        .build();
  }

  /** A fresh namespace with everything that a session refers to. */
  String team() {
    String name = "team-" + UUID.randomUUID().toString().substring(0, 8);
    namespace(name);
    account(name, "default");
    create(name, FakeCluster.agent("reviewer"));
    create(name, FakeCluster.environment("sandbox"));
    create(name, FakeCluster.provider("main"));
    return name;
  }

  void namespace(String name) {
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  void account(String namespace, String name) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build())
        .create();
  }

  void create(String namespace, HasMetadata object) {
    object.getMetadata().setNamespace(namespace);
    admin.resource(object).create();
  }

  /** Makes a session with these messages; gives its UID. */
  String session(String namespace, String name, String... messages) {
    StringBuilder list = new StringBuilder(messages.length == 0 ? " []" : "");
    for (int i = 0; i < messages.length; i++) {
      list.append("\n  - {id: m%d, text: \"%s\"}".formatted(i, messages[i]));
    }
    GenericKubernetesResource session =
        Serialization.unmarshal(
            """
            apiVersion: rouse.dev/v1alpha1
            kind: Session
            metadata: {name: %s, namespace: %s}
            spec:
              agentRef: {name: reviewer}
              environmentRef: {name: sandbox}
              title: A review
              messages:%s
            """
                .formatted(name, namespace, list),
            GenericKubernetesResource.class);
    return admin.resource(session).create().getMetadata().getUid();
  }

  Session get(String namespace, String name) {
    return admin.resources(Session.class).inNamespace(namespace).withName(name).get();
  }

  /** Makes a brain's pod as an object; nothing runs it. */
  Pod pod(String namespace, String name) {
    return admin
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("default")
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("brain")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** The operator's part of the status: the brain's pod, and hands if there are any. */
  void operatorSays(
      String namespace, String name, Pod brain, int wakes, SessionStatus.Hands hands) {
    Session applied = new Session();
    applied.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    applied.setStatus(
        new SessionStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            new SessionStatus.Harness(
                brain.getMetadata().getName(), brain.getMetadata().getUid(), wakes, null),
            hands,
            1L,
            List.of()));
    admin
        .resource(applied)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("rouse-operator")
                .withForce(true)
                .build());
  }

  /** A pod-bound token, as the kubelet projects it into a brain. */
  String brainToken(Pod pod) {
    return admin
        .serviceAccounts()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName("default")
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("rouse-brain")
                .withExpirationSeconds(3600L)
                .withNewBoundObjectRef(
                    "v1", "Pod", pod.getMetadata().getName(), pod.getMetadata().getUid())
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  /** A token of an account; of the API server's own audience if {@code audience} is null. */
  String token(String namespace, String account, String audience) {
    return admin
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience == null ? List.of() : List.of(audience))
                .withExpirationSeconds(3600L)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  /** An account that may do everything with agents and environments; gives its token. */
  String author(String namespace) {
    return role(
        namespace,
        "author",
        new PolicyRuleBuilder()
            .withApiGroups("rouse.dev")
            .withResources("agents", "environments")
            .withVerbs("get", "list", "create", "update", "delete")
            .build());
  }

  /** An account that may do everything with all that the API has; gives its token. */
  String manager(String namespace) {
    return role(
        namespace,
        "manager",
        new PolicyRuleBuilder()
            .withApiGroups("rouse.dev")
            .withResources("agents", "environments", "sessions", "sessions/events")
            .withVerbs("*")
            .build());
  }

  /** An account that may read sessions and their events; gives its token. */
  String reader(String namespace) {
    return role(
        namespace,
        "reader",
        new PolicyRuleBuilder()
            .withApiGroups("rouse.dev")
            .withResources("sessions")
            .withVerbs("get")
            .build(),
        new PolicyRuleBuilder()
            .withApiGroups("rouse.dev")
            .withResources("sessions/events")
            .withVerbs("list", "watch")
            .build());
  }

  private String role(String namespace, String name, PolicyRule... rules) {
    account(namespace, name);
    admin
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withRules(rules)
                .build())
        .create();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject("", "ServiceAccount", name, namespace)
                .build())
        .create();
    return token(namespace, name, "rouse");
  }

  @Override
  public void close() {
    admin.close();
    server.stop();
  }
}
