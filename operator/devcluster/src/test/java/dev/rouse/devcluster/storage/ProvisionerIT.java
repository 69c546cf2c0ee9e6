package dev.rouse.devcluster.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.node.TestControlPlane;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provisioner under exactly the shipped rights; the test plays the volume controller. */
class ProvisionerIT {

  @TempDir static Path directory;
  private static TestControlPlane controlPlane;
  private static KubernetesClient admin;
  private static KubernetesClient restricted;
  private static int namespaces;

  private Path data;
  private String namespace;
  private Provisioner provisioner;

  @BeforeAll
  static void start() throws Exception {
    controlPlane = new TestControlPlane(directory);
    admin = controlPlane.admin();
    try (InputStream rights = Main.class.getResourceAsStream("/rbac/provisioner.yaml")) {
      admin.load(rights).create();
    }
    String token =
        admin
            .serviceAccounts()
            .inNamespace("kube-system")
            .withName("rouse-dev-provisioner")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(admin.getConfiguration().getMasterUrl())
            .withCaCertFile(admin.getConfiguration().getCaCertFile())
            .withOauthToken(token)
            .build();
    restricted = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterAll
  static void stop() throws Exception {
    if (restricted != null) {
      restricted.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  @BeforeEach
  void startProvisioner() throws Exception {
    namespace = controlPlane.namespace("storage-" + namespaces++);
    data = directory.resolve("volumes-" + namespaces);
    provisioner = new Provisioner(restricted, data);
    provisioner.start();
  }

  @AfterEach
  void stopProvisioner() throws Exception {
    provisioner.close();
  }

  @Test
  void makesADirectoryAndItsVolumeOnceTheClaimHasANode() {
    // Given
    PersistentVolumeClaim claim = claim(null);

    // When
    admin
        .resource(claim)
        .edit(c ->
            new PersistentVolumeClaimBuilder(c)
                .editMetadata()
                .addToAnnotations(ProvisioningRule.SELECTED_NODE, "rouse-dev")
                .endMetadata()
                .build());

    // Then
    PersistentVolume volume = awaitVolume(claim);
    assertThat(Path.of(volume.getSpec().getHostPath().getPath()))
        .isDirectory()
        .hasParent(data.toAbsolutePath());
    assertThat(volume.getSpec().getClaimRef().getUid()).isEqualTo(claim.getMetadata().getUid());
    assertThat(volume.getSpec().getCapacity()).containsEntry("storage", new Quantity("2Gi"));
    assertThat(volume.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
  }

  @Test
  void removesDirectoryAndVolumeWhenTheClaimIsGone() throws Exception {
    // Given
    PersistentVolumeClaim claim = claim("rouse-dev");
    PersistentVolume volume = awaitVolume(claim);
    Path path = Path.of(volume.getSpec().getHostPath().getPath());
    Files.writeString(path.resolve("file"), "x");

    // When
    release(claim, volume);

    // Then
    await("directory gone").until(() -> !Files.exists(path));
    await("volume going").until(() -> going(volume));
  }

  @Test
  void catchesUpAfterARestart() throws Exception {
    // Given
    PersistentVolumeClaim old = claim("rouse-dev");
    PersistentVolume oldVolume = awaitVolume(old);
    provisioner.close();
    release(old, oldVolume);
    PersistentVolumeClaim fresh = claim("rouse-dev");
    Path orphan = Files.createDirectories(data.resolve("pvc-of-nobody"));

    // When
    provisioner = new Provisioner(restricted, data);
    provisioner.start();

    // Then
    PersistentVolume volume = awaitVolume(fresh);
    assertThat(Path.of(volume.getSpec().getHostPath().getPath())).isDirectory();
    await("old directory gone")
        .until(() -> !Files.exists(Path.of(oldVolume.getSpec().getHostPath().getPath())));
    await("orphan gone").until(() -> !Files.exists(orphan));
  }

  private PersistentVolumeClaim claim(String node) {
    var builder =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withGenerateName("claim-")
            .endMetadata()
            .withNewSpec()
            .withStorageClassName("rouse-dev")
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .addToRequests("storage", new Quantity("2Gi"))
            .endResources()
            .endSpec();
    if (node != null) {
      builder.editMetadata().addToAnnotations(ProvisioningRule.SELECTED_NODE, node).endMetadata();
    }
    return admin.resource(builder.build()).create();
  }

  private PersistentVolume awaitVolume(PersistentVolumeClaim claim) {
    return await("volume made")
        .until(
            () -> admin.persistentVolumes().withName("pvc-" + claim.getMetadata().getUid()).get(),
            volume -> volume != null);
  }

  /** What the volume controller does when a bound claim is deleted. */
  private void release(PersistentVolumeClaim claim, PersistentVolume volume) {
    admin.resource(claim).edit(c -> withoutFinalizers(c));
    admin.resource(claim).delete();
    admin
        .persistentVolumes()
        .withName(volume.getMetadata().getName())
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"status\":{\"phase\":\"Released\"}}");
  }

  private static PersistentVolumeClaim withoutFinalizers(PersistentVolumeClaim claim) {
    return new PersistentVolumeClaimBuilder(claim)
        .editMetadata()
        .withFinalizers()
        .endMetadata()
        .build();
  }

  /** The protection finalizer is taken off by a controller that does not run here. */
  private static boolean going(PersistentVolume volume) {
    PersistentVolume now = admin.persistentVolumes().withName(volume.getMetadata().getName()).get();
    return now == null || now.getMetadata().getDeletionTimestamp() != null;
  }
}
