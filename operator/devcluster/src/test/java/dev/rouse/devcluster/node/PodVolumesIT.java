package dev.rouse.devcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Volumes, read and written by real processes. */
class PodVolumesIT extends NodeFixture {

  @Test
  void projectsATokenForTheRightAudienceOnly() throws Exception {
    // Given
    String audience = "rouse-brain";

    // When
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'cat /dev/null; exec sleep 1000']
          volumeMounts: [{name: identity, mountPath: /id}]
        volumes:
        - name: identity
          projected:
            sources:
            - serviceAccountToken: {path: token, audience: rouse-brain, expirationSeconds: 600}
            - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}
        """);

    // Then
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path volume = node.data().resolve("volumes").resolve(uid(pod)).resolve("identity");
    String token = Files.readString(volume.resolve("token"));
    TokenReview right = review(token, audience);
    assertThat(right.getStatus().getAuthenticated()).isTrue();
    assertThat(right.getStatus().getUser().getExtra().get("authentication.kubernetes.io/pod-uid"))
        .containsExactly(uid(pod));
    assertThat(review(token, "other").getStatus().getAuthenticated()).isNotEqualTo(true);
    assertThat(volume.resolve("name")).hasContent("pod");
    delete();
  }

  @Test
  void updatesAMountedConfigMapWhileThePodRuns() {
    // Given
    client.resource(configMap("conf", Map.of("a", "1"))).create();
    create(
        """
        containers:
        - {name: main, image: any, command: [sleep, '1000'], volumeMounts: [{name: c, mountPath: /c}]}
        volumes: [{name: c, configMap: {name: conf}}]
        """);
    Pod pod = awaitPod("runs", NodeFixture::running);
    Path volume = node.data().resolve("volumes").resolve(uid(pod)).resolve("c");

    // When
    client.resource(configMap("conf", Map.of("b", "2"))).update();

    // Then
    await("new content").until(() -> Files.exists(volume.resolve("b")));
    assertThat(volume.resolve("a")).doesNotExist();
    delete();
  }

  @Test
  void mountsTheDirectoryOfABoundClaim() throws Exception {
    // Given
    Path volume = Files.createDirectories(directory.resolve("volume-" + namespace));
    client
        .load(
            new ByteArrayInputStream(
                """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: pv-%1$s}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: rouse-dev
                  claimRef: {namespace: %1$s, name: files}
                  hostPath: {path: %2$s}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: files, namespace: %1$s}
                spec:
                  volumeName: pv-%1$s
                  accessModes: [ReadWriteOnce]
                  storageClassName: rouse-dev
                  resources: {requests: {storage: 1Gi}}
                """
                    .formatted(namespace, volume)
                    .getBytes(StandardCharsets.UTF_8)))
        .create();
    create(
        """
        containers:
        - name: main
          image: any
          command: [sh, -c, 'echo kept > $0', /files/sub/x]
          volumeMounts: [{name: f, mountPath: /files/sub, subPath: inner}]
        volumes: [{name: f, persistentVolumeClaim: {claimName: files}}]
        """);

    // When
    client
        .persistentVolumeClaims()
        .inNamespace(namespace)
        .withName("files")
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"status\":{\"phase\":\"Bound\"}}");

    // Then
    awaitPod("ended", p -> p.getStatus().getPhase().equals("Succeeded"));
    client.pods().inNamespace(namespace).withName("pod").withGracePeriod(0).delete();
    await("gone").until(() -> get() == null);
    assertThat(volume.resolve("inner/x")).hasContent("kept");
  }
}
