package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
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
        @Nullable Boolean suspend) {

  public SessionSpec {
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    messages = messages == null ? List.of() : List.copyOf(messages);
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

  /** An Environment of the session's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EnvironmentRef(
      @Required @JsonPropertyDescription("Name of the Environment.") @Size(min = 1, max = 253)
          String name) {}

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
