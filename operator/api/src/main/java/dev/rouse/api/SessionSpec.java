package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session is to work with, and what it is told. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SessionSpec(
    @Required @JsonPropertyDescription("The agent; fixed once the session exists.")
        AgentRef agentRef,
    @Required
        @JsonPropertyDescription(
            "The Environment that sandboxes are made from; fixed once the session exists.")
        EnvironmentRef environmentRef,
    @JsonPropertyDescription("Title, for people.") @Nullable String title,
    @JsonPropertyDescription("Free labels for clients; Rouse does not read them.")
        Map<String, String> metadata,
    @JsonPropertyDescription(
            "User messages, delivered once per id and in this order. Removing a delivered one does"
                + " nothing.")
        List<Message> messages,
    @JsonPropertyDescription(
            "true: no brain is started, and a running one is ended; nothing is lost. false or left out:"
                + " work goes on.")
        @Nullable Boolean suspend) {

  public SessionSpec {
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    messages = messages == null ? List.of() : List.copyOf(messages);
  }

  public boolean isSuspended() {
    return Boolean.TRUE.equals(suspend);
  }

  /** An Agent of the session's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AgentRef(
      @Required @JsonPropertyDescription("Name of the Agent.") String name,
      @JsonPropertyDescription(
              "Version of the Agent; the newest at the session's creation if left out.")
          @Nullable Integer version) {}

  /** An Environment of the session's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EnvironmentRef(
      @Required @JsonPropertyDescription("Name of the Environment.") String name) {}

  /** A user message. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Message(
      @Required @JsonPropertyDescription("Yours to choose; a message is delivered once per id.")
          String id,
      @Required @JsonPropertyDescription("The text.") String text) {}
}
