package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where model requests go, with which key, and which models are served. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.baseURL.matches('^https?://[^/?#\\\\s]+(/[^?#\\\\s]*)?$')",
    fieldPath = ".baseURL",
    message = "spec.baseURL must be an http:// or https:// URL without query")
@ValidationRule(
    value = "!self.baseURL.matches('/v1/?$')",
    fieldPath = ".baseURL",
    message = "spec.baseURL must not end in /v1: leave that out, it is added")
@ValidationRule(
    value = "self.type != 'anthropic' || has(self.secretRef)",
    fieldPath = ".secretRef",
    reason = "FieldValueRequired",
    message = "spec.secretRef is required: name the Secret and key that hold the provider's key")
@ValidationRule(
    value =
        "!has(self.models) || self.models.all(model, self.models.exists_one(other, other.name == model.name))",
    fieldPath = ".models",
    message = "spec.models has two entries of the same name: remove one")
public record ModelProviderSpec(
    @Required
        @JsonPropertyDescription(
            "Protocol of the provider. anthropic: the Messages API. openai: chat completions, as"
                + " OpenAI and servers such as vLLM, Ollama or LiteLLM speak them.")
        Type type,
    @Required
        @JsonPropertyDescription(
            "Base URL without /v1, for example https://api.anthropic.com or a gateway of your own.")
        @Size(min = 1, max = 2048)
        String baseURL,
    @JsonPropertyDescription(
            "The key in a Secret of the same namespace. With type openai it can be left out, for a"
                + " server that wants no key.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("Models that this provider serves under a name of their own.")
        @Size(max = 200)
        List<Model> models,
    @JsonProperty("default")
        @JsonPropertyDescription(
            "true: serves every model that no provider of the namespace lists. At most one provider"
                + " should say so.")
        @Default("false")
        @Nullable Boolean isDefault) {

  /** Tokens of an answer where the model's entry names none. */
  public static final int DEFAULT_MAX_TOKENS = 8192;

  public ModelProviderSpec {
    models = models == null ? List.of() : List.copyOf(models);
  }

  /** Whether this is a default provider of its namespace. */
  public boolean servesEveryModel() {
    return Boolean.TRUE.equals(isDefault);
  }

  /** Protocols that work. */
  public enum Type {
    anthropic,
    openai
  }

  /** One key of one Secret. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SecretRef(
      @Required @JsonPropertyDescription("Name of the Secret.") @Size(min = 1, max = 253)
          String name,
      @Required @JsonPropertyDescription("Key within the Secret.") @Size(min = 1, max = 253)
          String key) {}

  /** A model by the name that agents use. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Model(
      @Required
          @JsonPropertyDescription("Name that an Agent's model.id uses.")
          @Size(min = 1, max = 256)
          String name,
      @JsonPropertyDescription("Name at the provider; the same if left out.")
          @Size(min = 1, max = 256)
          @Nullable String upstreamName,
      @JsonPropertyDescription("Most tokens of one answer; 8192 if left out.")
          @Default("8192")
          @Min(1)
          @Max(1_000_000)
          @Nullable Integer maxTokens) {

    public String upstreamNameOrDefault() {
      return upstreamName == null ? name : upstreamName;
    }

    public int maxTokensOrDefault() {
      return maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
    }
  }
}
