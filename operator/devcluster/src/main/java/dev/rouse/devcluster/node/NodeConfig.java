package dev.rouse.devcluster.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a dev node is set up.
 *
 * @param name its Node object's name
 * @param kubeconfig how it reaches the API server, as {@code system:node:<name>}
 * @param data the directory it keeps pods and volumes in
 * @param images the file that tells which program stands for which image
 * @param addressRange loopback addresses for pods, such as 127.40.0.0/24
 * @param servingCertificate of its HTTPS endpoint, PEM
 * @param servingKey its key, PEM
 * @param clientCa who signs the clients of that endpoint, PEM
 * @param listen where the endpoint listens; port 0 takes a free one
 * @param lease how long the control plane may believe in it without a sign of life
 * @param leavePods whether pods' processes outlive an orderly end of the node
 */
public record NodeConfig(
    String name,
    Path kubeconfig,
    Path data,
    Path images,
    String addressRange,
    Path servingCertificate,
    Path servingKey,
    Path clientCa,
    InetSocketAddress listen,
    Duration lease,
    boolean leavePods) {}
