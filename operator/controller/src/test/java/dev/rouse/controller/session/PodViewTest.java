package dev.rouse.controller.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodViewTest {

  private static final String NOT_STARTED =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc"
          + " create failed: unable to start container process: error during container init: exec"
          + " /opt/rouse/runtime/bin/java: no such file or directory: unknown";

  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  @Tag("failure-16")
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void sees(String name, String status, String exit, Integer code, boolean ready, String waiting) {
    // When
    PodView view = PodView.of(pod(status));
    // Then
    assertThat(view.exit()).isEqualTo(exit == null ? null : new PodView.Exit(code, exit));
    assertThat(view.ready()).isEqualTo(ready);
    assertThat(view.waiting()).isEqualTo(waiting);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("new", "{}", null, null, false, null),
        Arguments.of(
            "being made",
            "{phase: Pending, containerStatuses: [{name: brain, state: {waiting: {reason: ContainerCreating}}}]}",
            null,
            null,
            false,
            null),
        Arguments.of(
            "no image",
            "{phase: Pending, containerStatuses: [{name: brain, state: {waiting: {reason: ErrImagePull, message: no such image}}}]}",
            null,
            null,
            false,
            "ErrImagePull: no such image"),
        Arguments.of(
            "no image of what prepares it",
            "{phase: Pending, initContainerStatuses: [{name: runtime, state: {waiting: {reason: ErrImagePull, message: no such image}}}], containerStatuses: [{name: brain, state: {waiting: {reason: PodInitializing}}}]}",
            null,
            null,
            false,
            "ErrImagePull: no such image"),
        Arguments.of(
            "what prepares it failed",
            "{phase: Failed, initContainerStatuses: [{name: first, state: {terminated: {exitCode: 0}}}, {name: runtime, state: {terminated: {exitCode: 1, reason: Error, message: disk full}}}], containerStatuses: [{name: brain, state: {waiting: {reason: PodInitializing}}}]}",
            "exit code 1 of init container runtime (Error): disk full",
            1,
            false,
            null),
        Arguments.of(
            "evicted while it was prepared",
            "{phase: Failed, reason: Evicted, initContainerStatuses: [{name: runtime, state: {terminated: {exitCode: 137}}}]}",
            "Failed (Evicted)",
            null,
            false,
            null),
        Arguments.of(
            "no node",
            "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes}]}",
            null,
            null,
            false,
            "Unschedulable: 0/3 nodes"),
        Arguments.of(
            "ready",
            "{phase: Running, conditions: [{type: Ready, status: 'True'}]}",
            null,
            null,
            true,
            null),
        Arguments.of(
            "killed",
            "{phase: Failed, containerStatuses: [{name: brain, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]}",
            "exit code 137 (OOMKilled): the node ran out of memory",
            137,
            false,
            null),
        Arguments.of(
            "last words as JSON, of two lines",
            "{phase: Failed, containerStatuses: [{name: brain, state: {terminated: {exitCode: 70, message: '{\"level\":\"ERROR\",\"message\":\"no\\nkey\"}'}}}]}",
            "exit code 70: no key",
            70,
            false,
            null),
        Arguments.of(
            "last words",
            "{phase: Failed, containerStatuses: [{name: brain, state: {terminated: {exitCode: 70, message: \"one\\ntwo\\n\"}}}]}",
            "exit code 70: two",
            70,
            false,
            null),
        Arguments.of(
            "a long last word keeps its end, which has the cause",
            "{phase: Failed, containerStatuses: [{name: brain, state: {terminated: {exitCode: 128, reason: StartError, message: '%s'}}}]}"
                .formatted(NOT_STARTED),
            "exit code 128 (StartError): failed to create containerd task: failed to create shim task … "
                + NOT_STARTED.substring(NOT_STARTED.length() - 140),
            128,
            false,
            null),
        Arguments.of(
            "a container beside it does not hide its end",
            "{phase: Running, containerStatuses: [{name: proxy, state: {running: {}}}, {name: brain, state: {terminated: {exitCode: 1}}}]}",
            "exit code 1",
            1,
            false,
            null),
        Arguments.of(
            "a container beside it does not end it",
            "{phase: Running, containerStatuses: [{name: proxy, state: {terminated: {exitCode: 1}}}, {name: brain, state: {running: {}}}]}",
            null,
            null,
            false,
            null),
        Arguments.of(
            "evicted, with the end of its container",
            "{phase: Failed, reason: Evicted, message: Pod ephemeral local storage usage exceeds the total limit of containers 4Gi., containerStatuses: [{name: brain, state: {terminated: {exitCode: 137, reason: Error, message: its log}}}]}",
            "exit code 137 (Evicted): Pod ephemeral local storage usage exceeds the total limit of containers 4Gi.",
            137,
            false,
            null),
        Arguments.of(
            "evicted",
            "{phase: Failed, reason: Evicted, message: low on memory}",
            "Failed (Evicted): low on memory",
            null,
            false,
            null));
  }

  @Test
  void knowsSinceWhenItIsNotReady() {
    // When
    PodView view =
        PodView.of(
            pod(
                "{phase: Running, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z'}]}"));
    // Then
    assertThat(view.unreadySince()).isEqualTo(SINCE);
  }

  @Test
  void whatDoesNotConcernTheOperatorDoesNotChangeTheView() {
    // Given
    Pod before = pod("{phase: Running, conditions: [{type: Ready, status: 'True'}]}");
    Pod after =
        pod(
            "{phase: Running, startTime: '2026-01-01T00:00:05Z', conditions: [{type: Ready, status: 'True'}, {type: Initialized, status: 'True'}]}");
    after.getMetadata().setResourceVersion("2");
    // When
    PodView view = PodView.of(after);
    // Then
    assertThat(view).isEqualTo(PodView.of(before));
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, uid: u, creationTimestamp: '2026-01-01T00:00:00Z'}
        spec: {containers: [{name: brain}, {name: proxy}]}
        status: %s
        """
            .formatted(status),
        Pod.class);
  }
}
