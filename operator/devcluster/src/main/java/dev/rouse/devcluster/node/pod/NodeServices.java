package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.node.cluster.EventRecorder;
import dev.rouse.devcluster.node.cluster.PodApi;
import dev.rouse.devcluster.node.container.LaunchPlanner;
import dev.rouse.devcluster.node.probe.Prober;
import dev.rouse.devcluster.node.process.Processes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What all pods of a node share.
 *
 * @param data the directory below which everything of the node lies
 * @param crashBackOff between the ends and starts of a container
 */
public record NodeServices(
    Path data,
    KubernetesClient client,
    PodApi api,
    EventRecorder events,
    Processes processes,
    LaunchPlanner planner,
    Prober prober,
    AddressPool addresses,
    BackOff crashBackOff,
    Clock clock) {}
