package dev.rouse.api.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.EnvironmentSpec.Networking;
import dev.rouse.api.EnvironmentSpec.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An environment's content on the wire and in its object (contract §1.3). What the wire has no
 * field for (image, resources, workspace, …) an update leaves as it is.
 */
public final class EnvironmentWire {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int NAME = 256;
  private static final int DESCRIPTION = 2048;
  private static final int TYPE = 64;
  private static final List<String> PACKAGES = List.of("apt", "cargo", "gem", "go", "npm", "pip");

  /** What the wire's own defaults say: they are wider than those of the object. */
  private static final EnvironmentSpec NEW =
      new EnvironmentSpec(
          null,
          null,
          Map.of(),
          null,
          null,
          null,
          null,
          new Networking(Networking.Type.unrestricted),
          null,
          null,
          null,
          null);

  private static final EnvironmentSpec NEW_SELF_HOSTED =
      new EnvironmentSpec(
          null, null, Map.of(), Type.self_hosted, null, null, null, null, null, null, null, null);

  private EnvironmentWire() {}

  /** The spec of a new environment. */
  public static EnvironmentSpec create(Body body) throws InvalidBody {
    EnvironmentSpec made = isSelfHosted(body) ? NEW_SELF_HOSTED : NEW;
    return with(made, true, body.requiredText("name", 1, NAME), body);
  }

  /**
   * An environment's spec after an update; {@code equals} the one before if nothing changes on the
   * wire.
   *
   * @param objectName the environment's name where its spec gives none
   */
  public static EnvironmentSpec update(EnvironmentSpec before, String objectName, Body body)
      throws InvalidBody {
    String name = body.has("name") ? body.requiredText("name", 1, NAME) : null;
    boolean renamed = name != null && !name.equals(name(before, objectName));
    return with(before, false, renamed ? name : before.displayName(), body);
  }

  private static EnvironmentSpec with(
      EnvironmentSpec before, boolean isNew, @Nullable String name, Body body) throws InvalidBody {
    String description =
        body.has("description")
            ? body.clearableText("description", DESCRIPTION)
            : before.description();
    Networking networking = networking(before, isNew, body);
    Map<String, String> metadata = Metadata.merge(before.metadata(), body, true);
    String scope = body.text("scope", 0, Integer.MAX_VALUE);
    if ("account".equals(scope)) {
      throw InvalidBody.later(body.path("scope"), Absent.ACCOUNT_SCOPE);
    }
    if (scope != null) {
      body.word("scope", "organization");
    }
    body.refuseUnknown();
    return new EnvironmentSpec(
        name,
        description,
        metadata,
        before.type(),
        before.image(),
        before.resources(),
        before.runtimeClassName(),
        networking,
        before.workspace(),
        before.ephemeral(),
        before.linger(),
        before.archived());
  }

  /** Reads {@code config}; what it leaves out stays as it is. */
  private static @Nullable Networking networking(EnvironmentSpec before, boolean isNew, Body body)
      throws InvalidBody {
    Networking after = before.networking();
    Body config = body.object("config").orElse(null);
    if (config == null) {
      return after;
    }
    checkType(config, before, isNew);
    if (before.selfHosted()) {
      refuseSandbox(config);
      return after;
    }
    Body networking = config.object("networking").orElse(null);
    if (networking != null) {
      Networking.Type wanted = networkingType(networking);
      if (wanted != before.networkingOrDefault()) {
        after = new Networking(wanted);
      }
      networking.refuseUnknown();
    }
    Body packages = config.object("packages").orElse(null);
    if (packages != null) {
      packages(packages);
    }
    config.refuseUnknown();
    return after;
  }

  private static boolean isSelfHosted(Body body) throws InvalidBody {
    Body config = body.object("config").orElse(null);
    return config != null && Type.self_hosted.name().equals(config.text("type", 0, TYPE));
  }

  private static void checkType(Body config, EnvironmentSpec before, boolean isNew)
      throws InvalidBody {
    Type type = config.choice("type", Type.class);
    if (type == null) {
      if (isNew) {
        throw InvalidBody.at(config.path("type"), "is required");
      }
    } else if ((type == Type.self_hosted) != before.selfHosted()) {
      throw InvalidBody.coded(
          config.path("type"),
          "may not change: create a new environment",
          "invalid_config_type_change");
    }
  }

  /** Its sandboxes are not ours to make. */
  private static void refuseSandbox(Body config) throws InvalidBody {
    for (String field : List.of("networking", "packages")) {
      if (config.value(field) != null) {
        throw InvalidBody.at(
            config.path(field),
            "is for config.type cloud: leave it out, for the sandbox of a self-hosted environment is"
                + " what its worker runs in");
      }
    }
    config.refuseUnknown();
  }

  private static Networking.Type networkingType(Body networking) throws InvalidBody {
    String type = networking.requiredText("type", 0, Integer.MAX_VALUE);
    return switch (type) {
      case "unrestricted" -> Networking.Type.unrestricted;
      case "limited" -> {
        requireClosed(networking);
        yield Networking.Type.limited;
      }
      default ->
          throw InvalidBody.at(
              networking.path("type"),
              "must be unrestricted or limited, is \"%s\"".formatted(type));
    };
  }

  /** Nothing can be opened one by one yet, and a wish that is not granted must not seem so. */
  private static void requireClosed(Body networking) throws InvalidBody {
    if (!networking.array("allowed_hosts").isEmpty()) {
      throw InvalidBody.later(networking.path("allowed_hosts"), Absent.ALLOWED_HOSTS);
    }
    if (Boolean.TRUE.equals(networking.bool("allow_mcp_servers"))) {
      throw InvalidBody.later(networking.path("allow_mcp_servers"), Absent.MCP);
    }
    if (Boolean.TRUE.equals(networking.bool("allow_package_managers"))) {
      throw InvalidBody.later(networking.path("allow_package_managers"), Absent.ALLOWED_HOSTS);
    }
  }

  private static void packages(Body packages) throws InvalidBody {
    String type = packages.text("type", 0, Integer.MAX_VALUE);
    if (type != null && !type.equals("packages")) {
      throw InvalidBody.at(packages.path("type"), "must be packages, is \"%s\"".formatted(type));
    }
    for (String manager : PACKAGES) {
      if (!packages.array(manager).isEmpty()) {
        throw InvalidBody.later(packages.path(manager), Absent.PACKAGES);
      }
    }
    packages.refuseUnknown();
  }

  /** An environment's name on the wire. @param objectName the name where the spec gives none */
  public static String name(EnvironmentSpec spec, String objectName) {
    return Objects.requireNonNullElse(spec.displayName(), objectName);
  }

  /**
   * An environment's content on the wire, every default resolved.
   *
   * @param objectName the environment's name where its spec gives none
   */
  public static ObjectNode write(EnvironmentSpec spec, String objectName) {
    ObjectNode json = JSON.objectNode();
    json.put("name", name(spec, objectName));
    json.put("description", spec.description());
    ObjectNode config =
        json.putObject("config")
            .put("type", (spec.selfHosted() ? Type.self_hosted : Type.cloud).name());
    if (!spec.selfHosted()) {
      sandbox(spec, config);
    }
    json.set("metadata", Metadata.write(spec.metadata()));
    json.put("scope", "organization");
    return json;
  }

  private static void sandbox(EnvironmentSpec spec, ObjectNode config) {
    Networking.Type type = spec.networkingOrDefault();
    ObjectNode networking = config.putObject("networking").put("type", type.name());
    if (type == Networking.Type.limited) {
      networking.putArray("allowed_hosts");
      networking.put("allow_mcp_servers", false).put("allow_package_managers", false);
    }
    ObjectNode packages = config.putObject("packages").put("type", "packages");
    PACKAGES.forEach(packages::putArray);
  }
}
