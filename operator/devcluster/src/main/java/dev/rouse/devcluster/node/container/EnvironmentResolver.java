package dev.rouse.devcluster.node.container;

import dev.rouse.devcluster.node.container.References.Kind;
import dev.rouse.devcluster.node.container.References.ReferenceUnavailableException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Resolves the environment a container asks for: {@code envFrom} first, then {@code env}. */
final class EnvironmentResolver {

  private final DownwardApi downwardApi;
  private final References references;

  EnvironmentResolver(DownwardApi downwardApi, References references) {
    this.downwardApi = downwardApi;
    this.references = references;
  }

  /**
   * The variables in the order Kubernetes defines them; a later definition wins and may refer to
   * earlier ones.
   *
   * @throws ContainerStartException with reason CreateContainerConfigError if something is missing
   */
  Map<String, String> resolve(Container container) throws ContainerStartException {
    Map<String, String> variables = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      addAll(source, variables);
    }
    for (EnvVar variable : container.getEnv()) {
      Optional<String> value =
          variable.getValueFrom() == null
              ? Optional.of(literal(variable, variables))
              : from(variable.getValueFrom(), container);
      value.ifPresent(found -> variables.put(variable.getName(), found));
    }
    return variables;
  }

  private static String literal(EnvVar variable, Map<String, String> earlier) {
    String value = Optional.ofNullable(variable.getValue()).orElse("");
    return new VariableExpansion(earlier).expand(value);
  }

  private void addAll(EnvFromSource source, Map<String, String> variables)
      throws ContainerStartException {
    String prefix = Optional.ofNullable(source.getPrefix()).orElse("");
    Optional<Map<String, byte[]>> entries = Optional.empty();
    if (source.getConfigMapRef() != null) {
      entries =
          object(
              Kind.CONFIG_MAP,
              source.getConfigMapRef().getName(),
              source.getConfigMapRef().getOptional());
    } else if (source.getSecretRef() != null) {
      entries =
          object(Kind.SECRET, source.getSecretRef().getName(), source.getSecretRef().getOptional());
    }
    entries.ifPresent(found ->
        new TreeMap<>(found).forEach((key, value) -> variables.put(prefix + key, text(value))));
  }

  private Optional<String> from(EnvVarSource source, Container container)
      throws ContainerStartException {
    if (source.getFieldRef() != null) {
      return Optional.of(field(source));
    }
    if (source.getResourceFieldRef() != null) {
      return Optional.of(downwardApi.resource(source.getResourceFieldRef(), container));
    }
    if (source.getConfigMapKeyRef() != null) {
      var ref = source.getConfigMapKeyRef();
      return key(Kind.CONFIG_MAP, ref.getName(), ref.getKey(), ref.getOptional());
    }
    if (source.getSecretKeyRef() != null) {
      var ref = source.getSecretKeyRef();
      return key(Kind.SECRET, ref.getName(), ref.getKey(), ref.getOptional());
    }
    throw new ContainerStartException(
        StartFailure.CONFIG,
        "an env entry of container \"%s\" has a valueFrom the dev node does not know"
            .formatted(container.getName()));
  }

  private String field(EnvVarSource source) throws ContainerStartException {
    try {
      return downwardApi.field(source.getFieldRef());
    } catch (IllegalArgumentException e) {
      throw new ContainerStartException(StartFailure.CONFIG, String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> key(Kind kind, String name, String key, @Nullable Boolean optional)
      throws ContainerStartException {
    Optional<byte[]> value =
        object(kind, name, optional).flatMap(entries -> Optional.ofNullable(entries.get(key)));
    if (value.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new ContainerStartException(
          StartFailure.CONFIG,
          "couldn't find key %s in %s %s/%s".formatted(key, kind.word(), namespace(), name));
    }
    return value.map(EnvironmentResolver::text);
  }

  private Optional<Map<String, byte[]>> object(Kind kind, String name, @Nullable Boolean optional)
      throws ContainerStartException {
    try {
      Optional<Map<String, byte[]>> found = references.find(kind, name);
      if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
        throw new ContainerStartException(
            StartFailure.CONFIG, "%s \"%s\" not found".formatted(kind.word(), name));
      }
      return found;
    } catch (ReferenceUnavailableException e) {
      throw new ContainerStartException(StartFailure.CONFIG, String.valueOf(e.getMessage()));
    }
  }

  private String namespace() {
    return downwardApi.pod().getMetadata().getNamespace();
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
