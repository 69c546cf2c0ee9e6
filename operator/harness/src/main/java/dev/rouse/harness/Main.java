package dev.rouse.harness;

import dev.rouse.harness.hands.HttpHandsClient;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.harness.loop.Brain;
import dev.rouse.harness.loop.Timing;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.anthropic.AnthropicProtocol;
import dev.rouse.harness.model.openai.OpenAiProtocol;
import dev.rouse.harness.model.stream.Endpoint;
import dev.rouse.harness.model.stream.Patience;
import dev.rouse.harness.model.stream.Protocol;
import dev.rouse.harness.model.stream.StreamedProvider;
import dev.rouse.harness.policy.NoJudgement;
import dev.rouse.harness.server.HttpSessionServer;
import dev.rouse.session.Ids;
import dev.rouse.session.tools.AgentToolset;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brain's program: see {@link Settings} for its environment, {@link ExitCode} for its ends. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /**
   * A network plugin may lose the first question of a new pod: its address is not known everywhere
   * yet. Vert.x asks by itself, takes no notice of the pod's {@code dnsConfig}, and by default
   * waits five seconds, which is longer than the whole rest of a wake. Who waited asks anew.
   */
  private static final Duration DNS_PATIENCE = Duration.ofSeconds(1);

  private Main() {}

  public static void main(String[] args) {
    ExitCode code;
    try {
      code = run(Settings.from(System.getenv()));
    } catch (Settings.Invalid e) {
      System.err.println("The brain cannot start: " + e.getMessage() + ".");
      code = ExitCode.CONFIG;
    }
    // Threads of the HTTP client and abandoned work must not keep a pod alive.
    System.exit(code.code());
  }

  // Whatever is not foreseen must be in the log's last lines and in the exit code.
  @SuppressWarnings("CatchThrowable")
  private static ExitCode run(Settings settings) {
    Vertx vertx = vertx();
    try {
      if (settings.health() != null) {
        Health.serve(vertx, settings.health());
      }
      return brain(settings, vertx).run(settings.wakeReason());
    } catch (Throwable e) {
      LOG.error("The brain failed unexpectedly", e);
      return ExitCode.INTERNAL;
    }
  }

  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(2)
            .setAddressResolverOptions(
                new AddressResolverOptions().setQueryTimeout(DNS_PATIENCE.toMillis())));
  }

  private static Brain brain(Settings settings, Vertx vertx) {
    HttpCalls server = new HttpCalls(vertx, settings.caPem());
    HttpCalls others = new HttpCalls(vertx, null);
    return new Brain(
        new HttpSessionServer(
            server, settings.serverUrl(), settings.sessionUid(), settings.tokenFile()),
        new HttpHandsClient(others),
        provider(settings, others),
        new NoJudgement(),
        AgentToolset.all(),
        Ids.random(),
        Timing.standard(settings.linger()),
        new SecureRandom());
  }

  private static ModelProvider provider(Settings settings, HttpCalls http) {
    Protocol protocol =
        switch (settings.providerType()) {
          case ANTHROPIC -> new AnthropicProtocol();
          case OPENAI -> new OpenAiProtocol();
        };
    return new StreamedProvider(
        http,
        new Endpoint(settings.providerUrl(), settings.providerKeyFile()),
        protocol,
        Patience.STANDARD,
        Clock.systemUTC());
  }
}
