package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of the agent's spec. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AgentStatus(
    @JsonPropertyDescription(
            "Newest version; each is kept as ControllerRevision <agent>-v<version>.")
        @Nullable Integer version,
    @JsonPropertyDescription("Generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Ready: the version is stored and sessions can use it.")
        List<Condition> conditions) {

  public AgentStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
