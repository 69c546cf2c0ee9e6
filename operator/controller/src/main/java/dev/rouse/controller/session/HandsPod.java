package dev.rouse.controller.session;

import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus.HandsWanted;
import dev.rouse.controller.Settings;
import dev.rouse.controller.isolation.SandboxPolicies;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Optional;

/**
 * The hands' pod: the sandbox of one generation. It holds no credential; the key in its settings is
 * the public half, which checks tickets and makes none.
 */
final class HandsPod {

  static final String ROLE = "hands";

  /** One volume for files and journal: they must live and die together. */
  private static final String MOUNT = "/rouse";

  /**
   * What holds for all hands.
   *
   * @param image for Environments that name none
   * @param resources for what Environments do not speak of
   * @param forbidden {@code host:port} that they must not reach, and try
   * @param runtime how pods of other images get the tool server
   */
  record Template(
      String image,
      HandsResources resources,
      List<String> forbidden,
      Settings.HandsRuntime runtime) {
    Template {
      forbidden = List.copyOf(forbidden);
    }
  }

  private static final String VOLUME = "rouse";
  private static final long GRACE_SECONDS = 10;

  private HandsPod() {}

  /** The pod of a generation. */
  static Pod desired(
      Session session, HandsWanted wanted, Environment environment, Template template) {
    return ForeignImage.completed(plain(session, wanted, environment, template), template);
  }

  private static Pod plain(
      Session session, HandsWanted wanted, Environment environment, Template template) {
    EnvironmentSpec spec = environment.getSpec();
    return new PodBuilder()
        .withMetadata(PodParts.meta(session, Names.of(session).hands(wanted.generation()), ROLE))
        .editMetadata()
        .addToLabels(SandboxPolicies.NETWORK_LABEL, spec.networkingOrDefault().name())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withRuntimeClassName(spec.runtimeClassName())
        .withServiceAccountName("default")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withSecurityContext(PodParts.podSecurity())
        .addNewContainer()
        .withName(ROLE)
        .withImage(spec.image() == null ? template.image() : spec.image())
        .withEnv(
            PodParts.podIp(),
            PodParts.env("ROUSE_LISTEN", "$(POD_IP):" + HandsDecision.PORT),
            PodParts.env("ROUSE_WORKSPACE", MOUNT + "/workspace"),
            PodParts.env("ROUSE_JOURNAL", MOUNT + "/journal"),
            PodParts.env("ROUSE_TICKET_KEY", wanted.ticketKey()),
            PodParts.env("ROUSE_SESSION_UID", session.getMetadata().getUid()),
            PodParts.env("ROUSE_GENERATION", Integer.toString(wanted.generation())),
            PodParts.env("ROUSE_FORBIDDEN", String.join(",", template.forbidden())))
        .withResources(template.resources().of(spec.resources()))
        .withReadinessProbe(PodParts.readiness(HandsDecision.PORT))
        .withSecurityContext(PodParts.security())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(MOUNT)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .endContainer()
        .withVolumes(volume(session, spec), PodParts.scratch("tmp"))
        .endSpec()
        .build();
  }

  /** The volume that outlives pods, or empty where the Environment wants none. */
  static Optional<PersistentVolumeClaim> workspace(Session session, Environment environment) {
    if (!environment.getSpec().keepsFiles()) {
      return Optional.empty();
    }
    EnvironmentSpec.Workspace workspace = environment.getSpec().workspaceOrDefault();
    return Optional.of(
        new PersistentVolumeClaimBuilder()
            .withMetadata(PodParts.meta(session, Names.of(session).workspace(), "workspace"))
            .withNewSpec()
            .withAccessModes(workspace.accessModeOrDefault().name())
            .withStorageClassName(workspace.storageClassName())
            .withNewResources()
            .addToRequests("storage", workspace.sizeOrDefault())
            .endResources()
            .endSpec()
            .build());
  }

  private static Volume volume(Session session, EnvironmentSpec spec) {
    return spec.keepsFiles()
        ? new VolumeBuilder()
            .withName(VOLUME)
            .withNewPersistentVolumeClaim()
            .withClaimName(Names.of(session).workspace())
            .endPersistentVolumeClaim()
            .build()
        : PodParts.scratch(VOLUME);
  }
}
