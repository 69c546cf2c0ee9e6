package dev.rouse.server.work;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the API server. */
public final class KubernetesWork implements WorkObjects {

  private final KubernetesClient client;

  public KubernetesWork(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Lease> read(String namespace, String name) {
    return Optional.ofNullable(client.leases().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<Lease> create(Lease lease) {
    return written(() -> client.leases().resource(lease).create());
  }

  @Override
  public Optional<Lease> update(Lease lease) {
    return written(() -> client.leases().resource(lease).update());
  }

  @Override
  public boolean delete(Lease lease) {
    try {
      return !client
          .leases()
          .resource(lease)
          .lockResourceVersion(lease.getMetadata().getResourceVersion())
          .delete()
          .isEmpty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<Lease> written(Supplier<Lease> write) {
    try {
      return Optional.of(write.get());
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Optional.empty();
        default -> throw e;
      };
    }
  }
}
