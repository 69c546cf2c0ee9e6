package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over ConfigMaps, all there is. */
@ExtendWith(SharedCluster.class)
@Order(1)
class KillPointsIT extends KillPoints {

  KillPointsIT(Cluster cluster) {
    super(cluster);
  }
}
