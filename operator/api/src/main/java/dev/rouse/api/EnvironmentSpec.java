package dev.rouse.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a sandbox is made. A change holds for sandboxes that are made afterwards. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.workspace) || !has(self.ephemeral) || !self.ephemeral",
    fieldPath = ".ephemeral",
    message = "spec.workspace and spec.ephemeral: true exclude each other: remove one of them")
@ValidationRule(
    value =
        "(has(self.type) && self.type == 'self_hosted') == (has(oldSelf.type) && oldSelf.type =="
            + " 'self_hosted')",
    fieldPath = ".type",
    message = "spec.type may not change: create a new Environment")
@ValidationRule(
    value =
        "!has(self.type) || self.type != 'self_hosted' || !(has(self.image) || has(self.resources)"
            + " || has(self.runtimeClassName) || has(self.networking) || has(self.workspace) ||"
            + " has(self.ephemeral))",
    fieldPath = ".type",
    message =
        "spec.type: self_hosted makes no sandbox: leave out image, resources, runtimeClassName,"
            + " networking, workspace and ephemeral")
@ValidationRule(
    value = "!has(self.metadata) || self.metadata.all(key, size(key) <= 64)",
    fieldPath = ".metadata",
    message = "a key of spec.metadata is longer than 64 characters: shorten it")
@ValidationRule(
    value = "!has(oldSelf.archived) || !oldSelf.archived || (has(self.archived) && self.archived)",
    fieldPath = ".archived",
    message = "spec.archived may not go back to false: create a new Environment")
public record EnvironmentSpec(
    @JsonPropertyDescription("Name shown to people and clients; the object's name if left out.")
        @Size(min = 1, max = 256)
        @Nullable String displayName,
    @JsonPropertyDescription("What the environment is for, for people.") @Size(max = 2048)
        @Nullable String description,
    @JsonPropertyDescription("Free labels for clients; Rouse does not read them.") @Size(max = 16)
        Map<String, @Size(max = 512) String> metadata,
    @JsonPropertyDescription(
            "cloud: sandboxes are pods of this cluster. self_hosted: workers that hold a key of the"
                + " environment run the tools wherever they are. cloud if left out; never changes.")
        @Nullable Type type,
    @JsonPropertyDescription(
            "Image of the sandbox: any of glibc, with bash for the bash tool; the operator's own hands image if"
                + " left out.")
        @Size(min = 1, max = 512)
        @Nullable String image,
    @JsonPropertyDescription("CPU, memory and storage of the sandbox.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("RuntimeClass of the sandbox, for example gvisor.")
        @Size(min = 1, max = 253)
        @Nullable String runtimeClassName,
    @JsonPropertyDescription("What the sandbox may reach; nothing (limited) if left out.")
        @Nullable Networking networking,
    @JsonPropertyDescription("The volume of /workspace, which outlives pods.")
        @Nullable Workspace workspace,
    @JsonPropertyDescription(
            "true: no volume; files of /workspace are lost with the sandbox's pod. Not together with"
                + " workspace.")
        @Nullable Boolean ephemeral,
    @JsonPropertyDescription(
            "How long the brain waits for more input before it exits, as an ISO 8601 duration of hours,"
                + " minutes and seconds; PT30S if left out.")
        @Default("PT30S")
        @Pattern(DURATION)
        @Size(max = 24)
        @Nullable String linger,
    @JsonPropertyDescription(
            "true: no new Session may use the environment; those that exist go on. Stays true for"
                + " ever.")
        @Nullable Boolean archived) {

  private static final String DURATION =
      "^PT([0-9]{1,4}H([0-9]{1,4}M)?([0-9]{1,5}S)?|[0-9]{1,4}M([0-9]{1,5}S)?|[0-9]{1,5}S)$";

  public EnvironmentSpec {
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /** Whether workers run the tools, and no sandbox is made. */
  public boolean selfHosted() {
    return type == Type.self_hosted;
  }

  /** The same, closed to new Sessions. */
  public EnvironmentSpec closed() {
    return new EnvironmentSpec(
        displayName,
        description,
        metadata,
        type,
        image,
        resources,
        runtimeClassName,
        networking,
        workspace,
        ephemeral,
        linger,
        true);
  }

  /** Whether new Sessions may use the environment. */
  public boolean takesSessions() {
    return !Boolean.TRUE.equals(archived);
  }

  /** How long a brain waits for more input before it exits. */
  public Duration lingerOrDefault() {
    return linger == null ? Duration.ofSeconds(30) : Duration.parse(linger);
  }

  /** What the volume is made from; of no meaning where {@link #keepsFiles()} is false. */
  public Workspace workspaceOrDefault() {
    return workspace == null ? Workspace.DEFAULT : workspace;
  }

  /** What the sandbox may reach. */
  @JsonIgnore
  public Networking.Type networkingOrDefault() {
    return networking == null ? Networking.Type.limited : networking.type();
  }

  /** Whether {@code /workspace} is a volume that outlives pods. */
  public boolean keepsFiles() {
    return !Boolean.TRUE.equals(ephemeral);
  }

  /** Who runs the tools. */
  public enum Type {
    cloud,
    self_hosted
  }

  /** What a sandbox may reach; a union by {@code type}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Networking(
      @Required
          @JsonPropertyDescription(
              "unrestricted: the sandbox may open connections to what is outside of the cluster. limited:"
                  + " to nothing.")
          Type type) {
    public enum Type {
      unrestricted,
      limited
    }
  }

  /** The volume of {@code /workspace}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Workspace(
      @JsonPropertyDescription("Size of the volume; 1Gi if left out.") @Default("1Gi")
          @Nullable Quantity size,
      @JsonPropertyDescription("StorageClass of the volume; the cluster's default if left out.")
          @Size(min = 1, max = 253)
          @Nullable String storageClassName,
      @JsonPropertyDescription("Access mode of the volume; ReadWriteOnce if left out.")
          @Default("ReadWriteOnce")
          @Nullable AccessMode accessMode) {

    /** What is asked for where nothing is said. */
    public static final Workspace DEFAULT = new Workspace(null, null, null);

    public Quantity sizeOrDefault() {
      return size == null ? new Quantity("1Gi") : size;
    }

    public AccessMode accessModeOrDefault() {
      return accessMode == null ? AccessMode.ReadWriteOnce : accessMode;
    }

    public enum AccessMode {
      ReadWriteOnce,
      ReadWriteOncePod,
      ReadWriteMany
    }
  }
}
