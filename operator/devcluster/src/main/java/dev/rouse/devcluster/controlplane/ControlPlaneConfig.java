package dev.rouse.devcluster.controlplane;

import dev.rouse.devcluster.pki.Machines;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.process.Run;
import dev.rouse.devcluster.tools.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What a control plane is to be like.
 *
 * @param run where it keeps everything, and whose mark its processes carry
 * @param tools its programs
 * @param machines its nodes beside the dev node; with any, it listens beyond loopback and Services
 *     lead to pods
 * @param crds files of CustomResourceDefinitions that are there before the garbage collector is: it
 *     looks for new kinds only every 30 s, so what comes later is collected late
 * @param nodeMonitorGrace how long a node may be silent before it counts as lost
 * @param eviction how long pods stay on a lost node
 * @param audit whether every request is written, without bodies, to {@link #auditLog}
 * @param progress told about each step
 * @param clock for certificates and tokens
 */
public record ControlPlaneConfig(
    Run run,
    Tools tools,
    Machines machines,
    List<Path> crds,
    Duration nodeMonitorGrace,
    Duration eviction,
    boolean audit,
    Progress progress,
    InstantSource clock) {

  public ControlPlaneConfig {
    crds = List.copyOf(crds);
  }

  /** A silent control plane without kinds of its own that gives up a node after 8 s. */
  public static ControlPlaneConfig of(Run run, Tools tools) {
    return new ControlPlaneConfig(
        run,
        tools,
        Machines.NONE,
        List.of(),
        Duration.ofSeconds(8),
        Duration.ofSeconds(10),
        false,
        Progress.SILENT,
        InstantSource.system());
  }

  public ControlPlaneConfig withMachines(Machines others) {
    return new ControlPlaneConfig(
        run, tools, others, crds, nodeMonitorGrace, eviction, audit, progress, clock);
  }

  public ControlPlaneConfig withCrds(List<Path> files) {
    return new ControlPlaneConfig(
        run, tools, machines, files, nodeMonitorGrace, eviction, audit, progress, clock);
  }

  public ControlPlaneConfig withNodeLoss(Duration monitorGrace, Duration evictAfter) {
    return new ControlPlaneConfig(
        run, tools, machines, crds, monitorGrace, evictAfter, audit, progress, clock);
  }

  public ControlPlaneConfig withAudit() {
    return new ControlPlaneConfig(
        run, tools, machines, crds, nodeMonitorGrace, eviction, true, progress, clock);
  }

  public ControlPlaneConfig withProgress(Progress told) {
    return new ControlPlaneConfig(
        run, tools, machines, crds, nodeMonitorGrace, eviction, audit, told, clock);
  }

  public ControlPlaneConfig withClock(InstantSource source) {
    return new ControlPlaneConfig(
        run, tools, machines, crds, nodeMonitorGrace, eviction, audit, progress, source);
  }

  /** One JSON object a line, of audit.k8s.io/v1; exists if {@link #audit} is on. */
  public Path auditLog() {
    return run.logs().resolve("audit.log");
  }
}
