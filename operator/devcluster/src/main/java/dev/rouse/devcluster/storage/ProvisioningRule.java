package dev.rouse.devcluster.storage;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What is to be done for which claim and volume: pure. */
final class ProvisioningRule {

  static final String STORAGE_CLASS = "rouse-dev";
  static final String PROVISIONER = "rouse.dev/dev-directory";
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private ProvisioningRule() {}

  /** The volume a claim needs now; empty if it is not ours, has one, or has no node yet. */
  static Optional<PersistentVolume> volumeFor(PersistentVolumeClaim claim, Path data) {
    String node = claim.getMetadata().getAnnotations().get(SELECTED_NODE);
    boolean ours = STORAGE_CLASS.equals(claim.getSpec().getStorageClassName());
    boolean bound = claim.getSpec().getVolumeName() != null;
    boolean going = claim.getMetadata().getDeletionTimestamp() != null;
    if (!ours || bound || going || node == null) {
      return Optional.empty();
    }
    return Optional.of(volume(claim, node, data));
  }

  /** Whether a volume was made here and its claim is gone for good. */
  static boolean released(PersistentVolume volume) {
    return ours(volume)
        && "Delete".equals(volume.getSpec().getPersistentVolumeReclaimPolicy())
        && volume.getStatus() != null
        && "Released".equals(volume.getStatus().getPhase());
  }

  static boolean ours(PersistentVolume volume) {
    return PROVISIONER.equals(volume.getMetadata().getAnnotations().get(PROVISIONED_BY));
  }

  static String volumeName(PersistentVolumeClaim claim) {
    return "pvc-" + claim.getMetadata().getUid();
  }

  private static PersistentVolume volume(PersistentVolumeClaim claim, String node, Path data) {
    String name = volumeName(claim);
    Map<String, Quantity> requests = claim.getSpec().getResources().getRequests();
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToAnnotations(PROVISIONED_BY, PROVISIONER)
        .endMetadata()
        .withNewSpec()
        .withStorageClassName(STORAGE_CLASS)
        .withPersistentVolumeReclaimPolicy("Delete")
        .withAccessModes(claim.getSpec().getAccessModes())
        .withCapacity(Map.of("storage", requests.getOrDefault("storage", new Quantity("1Gi"))))
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(claim.getMetadata().getNamespace())
        .withName(claim.getMetadata().getName())
        .withUid(claim.getMetadata().getUid())
        .endClaimRef()
        .withNewHostPath()
        .withPath(data.resolve(name).toString())
        .withType("Directory")
        .endHostPath()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey("kubernetes.io/hostname")
        .withOperator("In")
        .withValues(node)
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }
}
