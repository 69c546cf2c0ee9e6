package dev.rouse.e2e.client;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.models.beta.agents.AgentCreateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.agents.BetaManagedAgentsAlwaysAskPolicy;
import com.anthropic.models.beta.agents.BetaManagedAgentsBashToolConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolInputSchema;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsModel;
import com.anthropic.models.beta.environments.BetaCloudConfigParams;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.environments.BetaUnrestrictedNetwork;
import com.anthropic.models.beta.environments.EnvironmentCreateParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.SessionCreateParams;
import dev.rouse.e2e.cluster.Namespace;
import java.util.Map;

/** The official Java SDK in a namespace, and what its users make first. */
final class Sdk implements AutoCloseable {

  /** Plays {@code scripted-errand.yaml}. */
  private static final String MODEL = "scripted-errand";

  private final Namespace namespace;
  private final AnthropicClient client;

  Sdk(Namespace namespace) {
    this.namespace = namespace;
    this.client = Credentials.withKeyIn(namespace).sdk();
  }

  AnthropicClient client() {
    return client;
  }

  Namespace namespace() {
    return namespace;
  }

  /** An agent that may do everything without asking, and can ask the client for the weather. */
  BetaManagedAgentsAgent agent(String name) {
    return client
        .beta()
        .agents()
        .create(
            description(name)
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .addTool(weather())
                .build());
  }

  /** An agent that asks before it runs a command. */
  BetaManagedAgentsAgent carefulAgent(String name) {
    return client
        .beta()
        .agents()
        .create(
            description(name)
                .addTool(
                    BetaManagedAgentsAgentToolset20260401Params.builder()
                        .addConfig(
                            BetaManagedAgentsBashToolConfigParams.builder()
                                .permissionPolicy(
                                    BetaManagedAgentsAlwaysAskPolicy.builder().build())
                                .build())
                        .build())
                .build());
  }

  static AgentCreateParams.Builder description(String name) {
    return AgentCreateParams.builder()
        .name(name)
        .model(BetaManagedAgentsModel.of(MODEL))
        .system("You do as you are told.");
  }

  private static BetaManagedAgentsCustomToolParams weather() {
    return BetaManagedAgentsCustomToolParams.builder()
        .name("get_weather")
        .description("The weather in a city, as the client knows it.")
        .inputSchema(
            BetaManagedAgentsCustomToolInputSchema.builder()
                .properties(
                    BetaManagedAgentsCustomToolInputSchema.Properties.builder()
                        .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                        .build())
                .addRequired("city")
                .build())
        .build();
  }

  /**
   * An environment. How long brains linger is for the cluster's operators to say, not for the API:
   * kubectl says it here, so that these tests do not pile up pods.
   */
  BetaEnvironment environment(String name) {
    BetaEnvironment environment =
        client
            .beta()
            .environments()
            .create(
                EnvironmentCreateParams.builder()
                    .name(name)
                    .config(
                        BetaCloudConfigParams.builder()
                            .networking(BetaUnrestrictedNetwork.builder().build())
                            .build())
                    .build());
    String object = CustomResource.named(namespace, "environments", environment.id()).name();
    namespace
        .cluster()
        .kubectl()
        .run(
            "patch",
            "environments.rouse.dev",
            object,
            "-n",
            namespace.name(),
            "--type=merge",
            "-p",
            "{\"spec\":{\"linger\":\"PT1S\",\"workspace\":{\"size\":\"10Mi\"}}}");
    return environment;
  }

  /** A session of {@code agent}, without messages. */
  Talk session(BetaManagedAgentsAgent agent, BetaEnvironment environment) {
    BetaManagedAgentsSession session =
        client
            .beta()
            .sessions()
            .create(
                SessionCreateParams.builder()
                    .agent(agent.id())
                    .environmentId(environment.id())
                    .build());
    return new Talk(client, session.id());
  }

  @Override
  public void close() {
    client.close();
  }
}
