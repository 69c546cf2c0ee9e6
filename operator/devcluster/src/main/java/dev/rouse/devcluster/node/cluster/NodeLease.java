package dev.rouse.devcluster.node.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the node's Lease in {@code kube-node-lease}: the sign of life the control plane reads. */
public final class NodeLease implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
  private static final String NAMESPACE = "kube-node-lease";
  private static final int RENEWALS_PER_LEASE = 4;

  private final KubernetesClient client;
  private final Node node;
  private final Duration duration;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);

  public NodeLease(KubernetesClient client, Node node, Duration duration, Clock clock) {
    this.client = client;
    this.node = node;
    this.duration = duration;
    this.clock = clock;
  }

  public void start() {
    Thread.ofVirtual().name("node-lease").start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run() {
    Duration pause = duration.dividedBy(RENEWALS_PER_LEASE);
    try {
      do {
        renew();
      } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() {
    try {
      Lease unused = client.resource(lease()).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        create();
      } else {
        LOG.atWarn().setCause(e).log("lease not renewed");
      }
    }
  }

  private void create() {
    try {
      Lease unused = client.resource(lease()).create();
    } catch (KubernetesClientException e) {
      // The namespace is made by the API server itself, some time after it answers.
      LOG.atDebug().setCause(e).log("lease not made yet");
    }
  }

  private Lease lease() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(node.getMetadata().getName())
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(node.getMetadata().getName())
        .withUid(node.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(node.getMetadata().getName())
        .withLeaseDurationSeconds(Math.toIntExact(duration.toSeconds()))
        .withRenewTime(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
        .endSpec()
        .build();
  }
}
