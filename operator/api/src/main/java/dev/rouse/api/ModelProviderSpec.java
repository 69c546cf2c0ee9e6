package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;
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
        "!has(self.models) || self.models.all(model, !has(model.contextWindow) || model.contextWindow > model.maxTokens)",
    fieldPath = ".models",
    message =
        "spec.models has an entry whose contextWindow is not above its maxTokens: the window holds"
            + " both the request and its answer")
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

  /** Up to 999999.999999; strings, because numbers of Kubernetes' API are not decimal. */
  private static final String AMOUNT = "^(0|[1-9][0-9]{0,5})(\\.[0-9]{1,6})?$";

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
          @Nullable Integer maxTokens,
      @JsonPropertyDescription(
              "Most tokens of a request and its answer together. Before a session's history fills it,"
                  + " the model is asked for a summary that takes the history's place. If left out,"
                  + " that is done when the provider says that a request is too long.")
          @Min(2)
          @Max(100_000_000)
          @Nullable Integer contextWindow,
      @JsonPropertyDescription(
              "What it costs, for metrics, list costs and budgets. A session goes on with the price"
                  + " that stands here when it begins; without one it can have no budget.")
          @Nullable Price price) {

    public String upstreamNameOrDefault() {
      return upstreamName == null ? name : upstreamName;
    }

    public int maxTokensOrDefault() {
      return maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
    }
  }

  /** What a model costs. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Price(
      @Required
          @JsonPropertyDescription(
              "US dollars for a million tokens that it reads, a decimal such as \"3\" or \"0.25\".")
          @Pattern(AMOUNT)
          String input,
      @Required
          @JsonPropertyDescription("US dollars for a million tokens that it writes.")
          @Pattern(AMOUNT)
          String output,
      @JsonPropertyDescription(
              "US dollars for a million tokens written to the provider's prompt cache; as input if"
                  + " left out.")
          @Pattern(AMOUNT)
          @Nullable String cacheWrite,
      @JsonPropertyDescription(
              "US dollars for a million tokens read from the provider's prompt cache; as input if"
                  + " left out.")
          @Pattern(AMOUNT)
          @Nullable String cacheRead) {

    /**
     * What so many tokens cost, in US dollars.
     *
     * @throws NumberFormatException when a price is none, as only a CRD of another version allows
     */
    public double dollars(
        long inputTokens, long outputTokens, long cacheWriteTokens, long cacheReadTokens) {
      return of(input, inputTokens)
          .add(of(output, outputTokens))
          .add(of(cacheWrite == null ? input : cacheWrite, cacheWriteTokens))
          .add(of(cacheRead == null ? input : cacheRead, cacheReadTokens))
          .movePointLeft(6)
          .doubleValue();
    }

    /**
     * A price in picodollars (10⁻¹² US dollars) for one token, which is what US dollars for a
     * million tokens with six decimals come to.
     *
     * @param price one of the components
     * @throws ArithmeticException when it has more decimals or digits, or {@link
     *     NumberFormatException} when it is no number, as only a CRD of another version allows
     */
    public static long picodollarsPerToken(String price) {
      return new BigDecimal(price).movePointRight(6).longValueExact();
    }

    private static BigDecimal of(String price, long tokens) {
      return new BigDecimal(price).multiply(BigDecimal.valueOf(tokens));
    }
  }
}
