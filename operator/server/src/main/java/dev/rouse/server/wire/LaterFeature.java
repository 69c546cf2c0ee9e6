package dev.rouse.server.wire;

import dev.rouse.api.wire.Absent;
import dev.rouse.server.http.PathTemplate;
import java.util.Arrays;
import java.util.Optional;

/** The paths of what this version does not have (contract §1.4, §1.6–1.13). */
enum LaterFeature {
  RESOURCES("/v1/sessions/{session}/resources", Absent.RESOURCES),
  VAULTS("/v1/vaults", Absent.VAULTS),
  MEMORY_STORES("/v1/memory_stores", Absent.MEMORY_STORES),
  DEPLOYMENTS("/v1/deployments", Absent.DEPLOYMENTS),
  DEPLOYMENT_RUNS("/v1/deployment_runs", Absent.DEPLOYMENTS),
  DREAMS("/v1/dreams", Absent.DREAMS),
  FILES("/v1/files", Absent.FILES),
  SKILLS("/v1/skills", Absent.SKILLS),
  WEBHOOKS("/v1/organizations/webhooks", Absent.WEBHOOKS),
  ORGANIZATIONS("/v1/organizations", Absent.ORGANIZATIONS),
  USER_PROFILES("/v1/user_profiles", Absent.USER_PROFILES),
  TUNNELS("/v1/tunnels", Absent.TUNNELS);

  private final PathTemplate path;
  private final Absent feature;

  LaterFeature(String path, Absent feature) {
    this.path = new PathTemplate(path);
    this.feature = feature;
  }

  Absent feature() {
    return feature;
  }

  /** The feature that a path, or what it lies below, belongs to. */
  static Optional<Absent> of(String path) {
    return Arrays.stream(values())
        .filter(later -> later.path.leadsTo(path))
        .map(LaterFeature::feature)
        .findFirst();
  }
}
