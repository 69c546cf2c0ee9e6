package dev.rouse.controller.session;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;

/**
 * What pods of both roles have in common: whose they are, and the restricted Pod Security level.
 */
final class PodParts {

  /** A user that exists in no image: nothing in one belongs to it. */
  private static final long NOBODY = 65532;

  private PodParts() {}

  /** Name, labels and owner of an object of {@code session}. */
  static ObjectMeta meta(Session session, String name, String role) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(session.getMetadata().getNamespace())
        .addToLabels(Rouse.SESSION_LABEL, session.getMetadata().getUid())
        .addToLabels(Rouse.ROLE_LABEL, role)
        .addToLabels("app.kubernetes.io/managed-by", Rouse.OPERATOR_MANAGER)
        .withOwnerReferences(owner(session))
        .build();
  }

  private static OwnerReference owner(Session session) {
    return new OwnerReferenceBuilder()
        .withApiVersion(Rouse.API_VERSION)
        .withKind("Session")
        .withName(session.getMetadata().getName())
        .withUid(session.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  static PodSecurityContext podSecurity() {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withRunAsUser(NOBODY)
        .withRunAsGroup(NOBODY)
        .withFsGroup(NOBODY)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  static SecurityContext security() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withCapabilities(new Capabilities(null, List.of("ALL")))
        .build();
  }

  /** Ready once {@code /healthz} answers; seen within a second, lost within three. */
  static Probe readiness(int port) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/healthz")
        .withNewPort(port)
        .endHttpGet()
        .withPeriodSeconds(1)
        .withTimeoutSeconds(1)
        .withFailureThreshold(3)
        .build();
  }

  static EnvVar env(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  /** The pod's address, for the settings that follow it. */
  static EnvVar podIp() {
    return new EnvVarBuilder()
        .withName("POD_IP")
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("status.podIP")
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static Volume scratch(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }
}
