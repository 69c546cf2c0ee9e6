package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a sandbox is made. A change holds for sandboxes that are made afterwards. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EnvironmentSpec(
    @JsonPropertyDescription("Image of the sandbox; the operator's own hands image if left out.")
        @Nullable String image,
    @JsonPropertyDescription("CPU, memory and storage of the sandbox.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("RuntimeClass of the sandbox, for example gvisor.")
        @Nullable String runtimeClassName,
    @JsonPropertyDescription("What the sandbox may reach; unrestricted if left out.")
        @Nullable Networking networking,
    @JsonPropertyDescription("The volume of /workspace, which outlives pods.")
        @Nullable Workspace workspace,
    @JsonPropertyDescription(
            "true: no volume; files of /workspace are lost with the sandbox's pod. Not together with"
                + " workspace.")
        @Nullable Boolean ephemeral,
    @JsonPropertyDescription(
            "How long the brain waits for more input before it exits, as an ISO 8601 duration; PT30S if"
                + " left out.")
        @Nullable String linger) {

  /** How long a brain waits for more input before it exits. */
  public Duration lingerOrDefault() {
    return linger == null ? Duration.ofSeconds(30) : Duration.parse(linger);
  }

  public boolean isEphemeral() {
    return Boolean.TRUE.equals(ephemeral);
  }

  /** What a sandbox may reach; a union by {@code type}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Networking(
      @Required
          @JsonPropertyDescription(
              "unrestricted: the sandbox may open connections. limited: only to named hosts; not"
                  + " available yet, and hands of such an Environment do not start.")
          Type type) {
    public enum Type {
      unrestricted,
      limited
    }
  }

  /** The volume of {@code /workspace}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Workspace(
      @JsonPropertyDescription("Size of the volume; 1Gi if left out.") @Nullable Quantity size,
      @JsonPropertyDescription("StorageClass of the volume; the cluster's default if left out.")
          @Nullable String storageClassName,
      @JsonPropertyDescription("Access mode of the volume; ReadWriteOnce if left out.")
          @Nullable AccessMode accessMode) {
    public enum AccessMode {
      ReadWriteOnce,
      ReadWriteOncePod,
      ReadWriteMany
    }
  }
}
