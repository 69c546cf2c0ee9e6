package dev.rouse.server.tls;

import dev.rouse.api.Rouse;
import dev.rouse.server.http.CertificateSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of this release: in Secret {@value Rouse#TLS_SECRET}, made by whichever server
 * finds none, renewed by whichever first sees that it is time. Its CA is in ConfigMap {@value
 * Rouse#CA_CONFIG_MAP}, for brains and people.
 *
 * <p>A Secret of that name that somebody else made, for example cert-manager, is served as it is
 * and never written.
 */
public final class SelfMade implements CertificateSource {

  private static final Logger LOG = LoggerFactory.getLogger(SelfMade.class);

  /** How old what is served may be: others' renewals need not be seen sooner. */
  private static final Duration LOOK_EVERY = Duration.ofHours(1);

  private static final int ATTEMPTS = 5;
  private static final String TYPE = "kubernetes.io/tls";

  private final KubernetesClient client;
  private final String namespace;
  private final PublishedCa published;
  private final Collection<String> names;
  private final Clock clock;
  private @Nullable Content content;
  private Instant nextLook = Instant.MIN;

  /**
   * Nothing is made before {@link #read}.
   *
   * @param namespace the release's
   * @param more names and addresses that the server is reached by, besides its Service's
   */
  public SelfMade(KubernetesClient client, String namespace, Collection<String> more, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.published = new PublishedCa(client, namespace);
    this.names = new TreeSet<>(names(namespace, more));
    this.clock = clock;
  }

  private static List<String> names(String namespace, Collection<String> more) {
    String service = Rouse.SERVER_SERVICE;
    List<String> names = new ArrayList<>(List.of(service, "localhost", "127.0.0.1"));
    names.add(service + "." + namespace);
    names.add(service + "." + namespace + ".svc");
    names.add(service + "." + namespace + ".svc.cluster.local");
    names.addAll(more);
    return names;
  }

  @Override
  public String describe() {
    return "Secret " + namespace + "/" + Rouse.TLS_SECRET;
  }

  @Override
  public synchronized Content read() throws IOException {
    Instant now = clock.instant();
    Content known = content;
    if (known != null && now.isBefore(nextLook)) {
      return known;
    }
    try {
      KeptCertificate kept = look(now);
      published.publish(kept.ca());
      Content found = new Content(Buffer.buffer(kept.chain()), Buffer.buffer(kept.key()));
      if (!found.equals(known)) {
        LOG.atInfo().log(
            "the certificate of {} ends {}{}",
            describe(),
            kept.ends(),
            kept.isOurs() ? "" : "; whoever made it must renew it");
      }
      content = found;
      nextLook = now.plus(LOOK_EVERY);
      return found;
    } catch (KubernetesClientException e) {
      throw new IOException("cannot look after " + describe() + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          describe()
              + " holds no usable certificate: "
              + e.getMessage()
              + "; delete it, and a new one is made, whose CA all clients must then read again",
          e);
    }
  }

  /** All servers agree on what the first one wrote: nothing is written over what another wrote. */
  private KeptCertificate look(Instant now) throws GeneralSecurityException {
    var secrets = client.secrets().inNamespace(namespace);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Secret found = secrets.withName(Rouse.TLS_SECRET).get();
      try {
        if (found == null) {
          KeptCertificate made = KeptCertificate.make(names, now);
          secrets.resource(secret(made)).create();
          return made;
        }
        KeptCertificate kept = KeptCertificate.of(found.getData());
        KeptCertificate wanted = kept.asOf(names, now);
        if (!wanted.equals(kept)) {
          // Carries the version that was read, so that a renewal of another server is never lost.
          secrets.resource(new SecretBuilder(found).withData(wanted.data()).build()).update();
        }
        return wanted;
      } catch (KubernetesClientException e) {
        boolean isRace =
            e.getCode() == HttpURLConnection.HTTP_CONFLICT
                || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && found != null;
        if (!isRace) {
          throw e;
        }
      }
    }
    throw new GeneralSecurityException("it comes and goes: something else writes it");
  }

  private Secret secret(KeptCertificate made) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(Rouse.TLS_SECRET)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/managed-by", "rouse")
        .endMetadata()
        .withType(TYPE)
        .withData(made.data())
        .build();
  }
}
