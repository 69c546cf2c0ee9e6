package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.rouse.api.AgentSpec.Model;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session is to work with, and what it is told. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.agentRef == oldSelf.agentRef",
    fieldPath = ".agentRef",
    message = "spec.agentRef may not change: create a new Session")
@ValidationRule(
    value = "self.environmentRef == oldSelf.environmentRef",
    fieldPath = ".environmentRef",
    message = "spec.environmentRef may not change: create a new Session")
@ValidationRule(
    value =
        "has(self.overrides) == has(oldSelf.overrides) && (!has(self.overrides) || self.overrides == oldSelf.overrides)",
    fieldPath = ".overrides",
    message = "spec.overrides may not change: create a new Session")
@ValidationRule(
    value =
        "has(self.forkFrom) == has(oldSelf.forkFrom) && (!has(self.forkFrom) || self.forkFrom == oldSelf.forkFrom)",
    fieldPath = ".forkFrom",
    message = "spec.forkFrom may not change: create a new Session")
@ValidationRule(
    value = "!has(self.forkFrom) || (!has(self.overrides) && !has(self.agentRef.version))",
    fieldPath = ".forkFrom",
    message =
        "spec.forkFrom takes the agent as the source has it: leave out spec.overrides and spec.agentRef.version")
@ValidationRule(
    value = "!has(oldSelf.archived) || !oldSelf.archived || (has(self.archived) && self.archived)",
    fieldPath = ".archived",
    message = "spec.archived may not be taken back: create a new Session")
@ValidationRule(
    value = "!has(self.budget) || has(oldSelf.budget)",
    fieldPath = ".budget",
    message =
        "spec.budget can be given only when a Session is created: create a new Session with one")
@ValidationRule(
    value = "!has(self.metadata) || self.metadata.all(key, size(key) <= 64)",
    fieldPath = ".metadata",
    message = "a key of spec.metadata is longer than 64 characters: shorten it")
@ValidationRule(
    value = "!has(self.messages) || self.messages.all(message, size(bytes(message.text)) <= 32768)",
    fieldPath = ".messages",
    message = "a text of spec.messages is longer than 32 KiB: use the API for more")
@ValidationRule(
    value =
        "!has(self.messages) || self.messages.map(message, size(bytes(message.text))).sum() <= 131072",
    fieldPath = ".messages",
    message =
        "spec.messages together are longer than 128 KiB: remove delivered ones, or use the API for more")
public record SessionSpec(
    @Required @JsonPropertyDescription("The agent; fixed once the session exists.")
        AgentRef agentRef,
    @Required
        @JsonPropertyDescription(
            "The Environment that sandboxes are made from; fixed once the session exists.")
        EnvironmentRef environmentRef,
    @JsonPropertyDescription("Title, for people.") @Size(max = 256) @Nullable String title,
    @JsonPropertyDescription("Free labels for clients; Rouse does not read them.") @Size(max = 16)
        Map<String, @Size(max = 512) String> metadata,
    @JsonPropertyDescription(
            "User messages, delivered once per id and in this order. Removing a delivered one does"
                + " nothing.")
        @Size(max = 100)
        List<Message> messages,
    @JsonPropertyDescription(
            "true: no brain is started, and a running one is ended; nothing is lost. false or left out:"
                + " work goes on.")
        @Default("false")
        @Nullable Boolean suspend,
    @JsonPropertyDescription(
            "What this session does otherwise than the agent; fixed once the session exists.")
        @Nullable Overrides overrides,
    @JsonPropertyDescription(
            "true: the session ends for good, at once or when its work under way is done; its log"
                + " stays. Cannot be taken back.")
        @Nullable Boolean archived,
    @JsonPropertyDescription(
            "Begin with the records of another Session; fixed once the session exists. The fork takes"
                + " the agent as the source has it, so agentRef must name the same one.")
        @Nullable ForkFrom forkFrom,
    @JsonPropertyDescription(
            "What the session may cost. Can be given only when a Session is created, then changed"
                + " to anything above what it has cost, or removed for good.")
        @Nullable Budget budget) {

  /** Whole cents from 1, below ten billion dollars. */
  public static final String CENTS = "^[1-9][0-9]{0,11}$";

  public SessionSpec {
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    messages = messages == null ? List.of() : List.copyOf(messages);
  }

  /** A session that does all as its agent does, and is not archived. */
  public SessionSpec(
      AgentRef agentRef,
      EnvironmentRef environmentRef,
      @Nullable String title,
      Map<String, String> metadata,
      List<Message> messages,
      @Nullable Boolean suspend) {
    this(agentRef, environmentRef, title, metadata, messages, suspend, null, null, null, null);
  }

  /** A session that begins with nothing. */
  public SessionSpec(
      AgentRef agentRef,
      EnvironmentRef environmentRef,
      @Nullable String title,
      Map<String, String> metadata,
      List<Message> messages,
      @Nullable Boolean suspend,
      @Nullable Overrides overrides,
      @Nullable Boolean archived) {
    this(agentRef, environmentRef, title, metadata, messages, suspend, overrides, archived, null);
  }

  /** A session without a budget. */
  public SessionSpec(
      AgentRef agentRef,
      EnvironmentRef environmentRef,
      @Nullable String title,
      Map<String, String> metadata,
      List<Message> messages,
      @Nullable Boolean suspend,
      @Nullable Overrides overrides,
      @Nullable Boolean archived,
      @Nullable ForkFrom forkFrom) {
    this(
        agentRef,
        environmentRef,
        title,
        metadata,
        messages,
        suspend,
        overrides,
        archived,
        forkFrom,
        null);
  }

  /** Whether the session ends when it rests; named unlike the field, which JSON is to keep. */
  @JsonIgnore
  public boolean isToBeArchived() {
    return Boolean.TRUE.equals(archived);
  }

  @JsonIgnore
  public boolean isSuspended() {
    return Boolean.TRUE.equals(suspend);
  }

  /** An Agent of the session's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AgentRef(
      @Required @JsonPropertyDescription("Name of the Agent.") @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription(
              "Version of the Agent; the newest at the session's creation if left out.")
          @Min(1)
          @Nullable Integer version) {}

  /**
   * What a session does otherwise than its agent: each field replaces the agent's as a whole. One
   * that is left out is the agent's.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.tools) || self.tools.filter(tool, tool.type == 'agent_toolset_20260401').size() <= 1",
      fieldPath = ".tools",
      message =
          "spec.overrides.tools has two entries of type agent_toolset_20260401: merge them into one")
  @ValidationRule(
      value =
          "!has(self.tools) || self.tools.all(tool, !has(tool.name) || self.tools.exists_one(other, has(other.name) && other.name == tool.name))",
      fieldPath = ".tools",
      message = "spec.overrides.tools has two custom tools of the same name: rename one")
  public record Overrides(
      @JsonPropertyDescription("The model that answers.") @Nullable Model model,
      @JsonPropertyDescription("The system prompt; an empty text for none.") @Size(max = 100_000)
          @Nullable String system,
      @JsonPropertyDescription("Tools that the model may call; an empty list for none.")
          @Size(max = 256)
          @Nullable List<AgentSpec.Tool> tools) {

    public Overrides {
      tools = tools == null ? null : List.copyOf(tools);
    }

    /** The agent as this session has it. */
    public AgentSpec over(AgentSpec agent) {
      return new AgentSpec(
          agent.displayName(),
          agent.description(),
          model == null ? agent.model() : model,
          system == null ? agent.system() : system.isEmpty() ? null : system,
          tools == null ? agent.tools() : tools,
          agent.metadata(),
          agent.archived());
    }
  }

  /** An Environment of the session's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EnvironmentRef(
      @Required @JsonPropertyDescription("Name of the Environment.") @Size(min = 1, max = 253)
          String name) {}

  /**
   * A point in another session's history. Without {@code seq} and {@code eventId} it is the end, as
   * it is when the fork is made.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!has(self.seq) || !has(self.eventId)",
      message = "spec.forkFrom takes seq or eventId, not both")
  public record ForkFrom(
      @Required
          @JsonPropertyDescription("Name of a Session of the same namespace.")
          @Size(min = 1, max = 253)
          String session,
      @JsonPropertyDescription("The last record that is taken over, by its number.") @Min(0)
          @Nullable Long seq,
      @JsonPropertyDescription("The last record that is taken over, by its event's id.")
          @Size(min = 1, max = 128)
          @Nullable String eventId) {}

  /** The list cost at which a session makes no further model request. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Budget(
      @JsonPropertyDescription("Kind of budget. limit: the session rests when it is reached.")
          @Default("limit")
          @Nullable Type type,
      @Required
          @JsonPropertyDescription(
              "What models may cost by the list prices that the session began with. It can be"
                  + " passed by one model request at most.")
          Money maxListCost) {

    /** A limit of so many US cents. */
    public static Budget ofCents(String amount) {
      return new Budget(Type.limit, new Money(amount, Currency.USD));
    }

    /** Kinds of budget. */
    public enum Type {
      limit
    }
  }

  /** An amount of money. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Money(
      @Required
          @JsonPropertyDescription("Whole cents, as a string: \"250\" is two dollars and a half.")
          @Size(max = 12)
          @Pattern(CENTS)
          String amount,
      @JsonPropertyDescription("The currency.") @Default("USD") @Nullable Currency currency) {}

  /** Currencies. */
  public enum Currency {
    USD
  }

  /** A user message. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "self == oldSelf",
      message = "an entry of spec.messages may not change: append one with a new id")
  public record Message(
      @Required
          @JsonPropertyDescription("Yours to choose; a message is delivered once per id.")
          @Size(min = 1, max = 128)
          String id,
      @Required @JsonPropertyDescription("The text.") @Size(min = 1, max = 32_768) String text) {}
}
