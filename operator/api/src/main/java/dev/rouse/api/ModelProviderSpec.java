package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where model requests go, with which key, and which models are served. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelProviderSpec(
    @Required @JsonPropertyDescription("Protocol of the provider. anthropic: the Messages API.")
        Type type,
    @Required
        @JsonPropertyDescription(
            "Base URL without /v1, for example https://api.anthropic.com or a gateway of your own.")
        String baseURL,
    @Required @JsonPropertyDescription("The key in a Secret of the same namespace.")
        SecretRef secretRef,
    @JsonPropertyDescription("Models that this provider serves under a name of their own.")
        List<Model> models,
    @JsonProperty("default")
        @JsonPropertyDescription(
            "true: serves every model that no provider of the namespace lists. At most one provider"
                + " should say so.")
        @Nullable Boolean isDefault) {

  /** Tokens of an answer where the model's entry names none. */
  public static final int DEFAULT_MAX_TOKENS = 8192;

  public ModelProviderSpec {
    models = models == null ? List.of() : List.copyOf(models);
  }

  /** Protocols that work. */
  public enum Type {
    anthropic
  }

  /** One key of one Secret. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SecretRef(
      @Required @JsonPropertyDescription("Name of the Secret.") String name,
      @Required @JsonPropertyDescription("Key within the Secret.") String key) {}

  /** A model by the name that agents use. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Model(
      @Required @JsonPropertyDescription("Name that an Agent's model.id uses.") String name,
      @JsonPropertyDescription("Name at the provider; the same if left out.")
          @Nullable String upstreamName,
      @JsonPropertyDescription("Most tokens of one answer; 8192 if left out.")
          @Nullable Integer maxTokens) {

    public String upstreamNameOrDefault() {
      return upstreamName == null ? name : upstreamName;
    }

    public int maxTokensOrDefault() {
      return maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
    }
  }
}
