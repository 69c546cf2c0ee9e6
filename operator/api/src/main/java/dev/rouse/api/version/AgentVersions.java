package dev.rouse.api.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rouse.api.Agent;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.version.VersionDecision.Create;
import dev.rouse.api.version.VersionDecision.Reuse;
import dev.rouse.api.version.VersionDecision.Stored;
import dev.rouse.api.version.VersionDecision.Superseded;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores and reads the versions of agents: ControllerRevision {@code <agent>-v<n>}, owned by the
 * Agent and labelled {@link #AGENT_LABEL}; {@code revision} is the number and {@code data} the
 * agent's spec without {@code archived}, with sorted keys.
 *
 * <p>Any number of callers may do this at once: the number is taken by creating its name, and who
 * comes second finds equal content.
 */
public final class AgentVersions {

  /** On a version: the Agent's UID. */
  public static final String AGENT_LABEL = Rouse.GROUP + "/agent";

  /** On a version: {@code metadata.generation} of the Agent that it was made from. */
  public static final String GENERATION_ANNOTATION = Rouse.GROUP + "/agent-generation";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private AgentVersions() {}

  /**
   * Makes the agent's spec a version unless it is the highest already.
   *
   * @param agent as read; one that was read before the highest version was made never makes another
   * @return the version, with the content that is stored
   * @throws VersionNameTakenException when the next name is held by an object of another owner
   * @throws KubernetesClientException when the API server refuses
   */
  public static AgentVersion ensure(KubernetesClient client, Agent agent) {
    return switch (place(client, agent)) {
      case Placement.Current(DatedVersion dated) -> dated.version();
      case Placement.Superseded(AgentVersion by) -> by;
    };
  }

  /**
   * The same, telling whether the agent's spec is the version, or lost to a newer spec before it
   * became one.
   *
   * @param agent as read; one that was read before the highest version was made never makes another
   * @throws VersionNameTakenException when the next name is held by an object of another owner
   * @throws KubernetesClientException when the API server refuses
   */
  public static Placement place(KubernetesClient client, Agent agent) {
    int known = known(agent);
    AgentSpec content = agent.getSpec().content();
    while (true) {
      List<ControllerRevision> found = revisions(client, agent).toList();
      List<Stored> stored = found.stream().map(AgentVersions::stored).toList();
      switch (VersionDecision.of(stored, content, generation(agent), known)) {
        case Reuse(AgentVersion version) -> {
          return new Placement.Current(
              found.stream()
                  .map(AgentVersions::dated)
                  .filter(it -> it.version().number() == version.number())
                  .findFirst()
                  .orElseThrow());
        }
        case Superseded(AgentVersion by) -> {
          return new Placement.Superseded(by);
        }
        case Create(int number) -> {
          Optional<DatedVersion> created = create(client, agent, number);
          if (created.isPresent()) {
            return new Placement.Current(created.get());
          }
          // Also ends the loop when someone took the label off that version, which hides it above.
          known = Math.max(known, number);
        }
      }
    }
  }

  /** A stored version of the agent, or empty if there is none of this number. */
  public static Optional<AgentSpec> read(KubernetesClient client, Agent agent, int version) {
    return dated(client, agent, version).map(it -> it.version().spec());
  }

  /** The same, with the time at which it was made. */
  public static Optional<DatedVersion> dated(KubernetesClient client, Agent agent, int version) {
    ControllerRevision found =
        client
            .apps()
            .controllerRevisions()
            .inNamespace(agent.getMetadata().getNamespace())
            .withName(name(agent, version))
            .get();
    return found != null && isOwned(found, agent) ? Optional.of(dated(found)) : Optional.empty();
  }

  /** Every stored version of the agent, the newest first. */
  public static List<DatedVersion> all(KubernetesClient client, Agent agent) {
    return revisions(client, agent)
        .map(AgentVersions::dated)
        .sorted(Comparator.comparingInt((DatedVersion it) -> it.version().number()).reversed())
        .toList();
  }

  private static DatedVersion dated(ControllerRevision revision) {
    return new DatedVersion(
        new AgentVersion(revision.getRevision().intValue(), spec(revision)),
        Instant.parse(revision.getMetadata().getCreationTimestamp()));
  }

  /** The name of a version's object. */
  public static String name(Agent agent, int version) {
    return agent.getMetadata().getName() + "-v" + version;
  }

  private static Stream<ControllerRevision> revisions(KubernetesClient client, Agent agent) {
    return client
        .apps()
        .controllerRevisions()
        .inNamespace(agent.getMetadata().getNamespace())
        .withLabel(AGENT_LABEL, agent.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(revision -> isOwned(revision, agent));
  }

  /** Empty if the number was taken; it belongs to this agent then, and the caller looks again. */
  private static Optional<DatedVersion> create(KubernetesClient client, Agent agent, int number) {
    try {
      return Optional.of(dated(client.resource(revision(agent, number)).create()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      if (read(client, agent, number).isEmpty()) {
        throw new VersionNameTakenException(
            agent.getMetadata().getNamespace(), name(agent, number), agent.getMetadata().getName());
      }
      return Optional.empty();
    }
  }

  static ControllerRevision revision(Agent agent, int number) {
    return new ControllerRevisionBuilder()
        .withNewMetadata()
        .withName(name(agent, number))
        .withNamespace(agent.getMetadata().getNamespace())
        .addToLabels(AGENT_LABEL, agent.getMetadata().getUid())
        .addToAnnotations(GENERATION_ANNOTATION, Long.toString(generation(agent)))
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(Rouse.API_VERSION)
                .withKind("Agent")
                .withName(agent.getMetadata().getName())
                .withUid(agent.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build())
        .endMetadata()
        .withRevision((long) number)
        .withData(canonical(agent.getSpec().content()))
        .build();
  }

  /** The spec with sorted keys: the same content is the same text, whoever wrote it. */
  static JsonNode canonical(AgentSpec spec) {
    try {
      Object sorted = JSON.treeToValue(JSON.valueToTree(spec), Object.class);
      return JSON.readTree(JSON.writeValueAsString(sorted));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an agent's spec is not JSON", e);
    }
  }

  private static Stored stored(ControllerRevision revision) {
    return new Stored(
        new AgentVersion(revision.getRevision().intValue(), spec(revision)),
        generationOf(annotation(revision)));
  }

  private static @Nullable String annotation(ControllerRevision revision) {
    var annotations = revision.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(GENERATION_ANNOTATION);
  }

  private static long generationOf(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static AgentSpec spec(ControllerRevision revision) {
    return JSON.convertValue(revision.getData(), AgentSpec.class);
  }

  private static boolean isOwned(ControllerRevision revision, Agent agent) {
    return revision.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> agent.getMetadata().getUid().equals(owner.getUid()));
  }

  private static long generation(Agent agent) {
    Long generation = agent.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  private static int known(Agent agent) {
    Integer version = agent.getStatus() == null ? null : agent.getStatus().version();
    return version == null ? 0 : version;
  }
}
