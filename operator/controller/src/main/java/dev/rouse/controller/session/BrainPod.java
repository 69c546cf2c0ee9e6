package dev.rouse.controller.session;

import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.reference.References.Backing;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A brain's pod: one life of one process. It has a token that only the server accepts and, if the
 * provider wants one, the model's key as a file, and no credential of Kubernetes.
 */
final class BrainPod {

  static final String ROLE = "brain";

  /**
   * What holds for all brains.
   *
   * @param ca the PEM that the server is trusted by; null: what the image trusts
   */
  record Template(String image, String serverUrl, @Nullable String ca) {}

  private static final int HEALTH_PORT = 8081;
  private static final String TOKEN = "/rouse/token";
  private static final String PROVIDER = "/rouse/provider";
  private static final String TMP = "/tmp";

  /** The kubelet renews it when 80 % have passed. */
  private static final long TOKEN_SECONDS = 3600;

  private BrainPod() {}

  /** The pod {@code number} of {@code session}. */
  static Pod desired(Session session, int number, Backing backing, Template template) {
    List<VolumeMount> mounts = new ArrayList<>(List.of(mount("token", TOKEN)));
    List<Volume> volumes = new ArrayList<>(List.of(token()));
    ModelProviderSpec.SecretRef key = backing.provider().getSpec().secretRef();
    if (key != null) {
      mounts.add(mount("provider", PROVIDER));
      volumes.add(key(key));
    }
    mounts.add(scratch());
    volumes.add(PodParts.scratch("tmp"));
    return new PodBuilder()
        .withMetadata(PodParts.meta(session, Names.of(session).brain(number), ROLE))
        .withNewSpec()
        .withRestartPolicy("Never")
        .withServiceAccountName("default")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(PodParts.podSecurity())
        .addNewContainer()
        .withName(ROLE)
        .withImage(template.image())
        .withEnv(env(session, backing, template))
        .withResources(resources())
        .withReadinessProbe(PodParts.readiness(HEALTH_PORT))
        .withSecurityContext(PodParts.security())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(mounts)
        .endContainer()
        .withVolumes(volumes)
        .endSpec()
        .build();
  }

  private static List<EnvVar> env(Session session, Backing backing, Template template) {
    ModelProviderSpec provider = backing.provider().getSpec();
    List<EnvVar> env = new ArrayList<>();
    env.add(PodParts.podIp());
    env.add(PodParts.env("ROUSE_SERVER_URL", template.serverUrl()));
    env.add(PodParts.env("ROUSE_SESSION_UID", session.getMetadata().getUid()));
    env.add(PodParts.env("ROUSE_TOKEN_FILE", TOKEN + "/token"));
    if (template.ca() != null) {
      env.add(PodParts.env("ROUSE_CA_PEM", template.ca()));
    }
    env.add(PodParts.env("ROUSE_PROVIDER_TYPE", provider.type().name()));
    env.add(PodParts.env("ROUSE_PROVIDER_URL", provider.baseURL().replaceFirst("/+$", "")));
    if (provider.secretRef() != null) {
      env.add(PodParts.env("ROUSE_PROVIDER_KEY_FILE", PROVIDER + "/key"));
    }
    env.add(
        PodParts.env("ROUSE_LINGER", backing.environment().getSpec().lingerOrDefault().toString()));
    env.add(PodParts.env("ROUSE_HEALTH_LISTEN", "$(POD_IP):" + HEALTH_PORT));
    env.add(PodParts.env("TMPDIR", TMP));
    return env;
  }

  private static ResourceRequirements resources() {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("50m"))
        .addToRequests("memory", new Quantity("128Mi"))
        .addToLimits("memory", new Quantity("512Mi"))
        .build();
  }

  private static Volume token() {
    return new VolumeBuilder()
        .withName("token")
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken()
        .withAudience(Rouse.BRAIN_AUDIENCE)
        .withExpirationSeconds(TOKEN_SECONDS)
        .withPath("token")
        .endServiceAccountToken()
        .endSource()
        .endProjected()
        .build();
  }

  /** Only the one key of the Secret, under a name of ours. */
  private static Volume key(ModelProviderSpec.SecretRef ref) {
    return new VolumeBuilder()
        .withName("provider")
        .withNewSecret()
        .withSecretName(ref.name())
        .withDefaultMode(0440)
        .addNewItem()
        .withKey(ref.key())
        .withPath("key")
        .endItem()
        .endSecret()
        .build();
  }

  private static VolumeMount mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path).withReadOnly(true).build();
  }

  private static VolumeMount scratch() {
    return new VolumeMountBuilder().withName("tmp").withMountPath(TMP).build();
  }
}
