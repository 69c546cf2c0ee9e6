package dev.rouse.server.tls;

import dev.rouse.server.http.CertificateSource;
import dev.rouse.server.http.TlsFiles;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate in files that somebody else renews, whose CA the server makes known. */
public final class FilesWithCa implements CertificateSource {

  private final TlsFiles files;
  private final Path ca;
  private final PublishedCa published;
  private @Nullable String last;

  /**
   * Nothing is read before {@link #read}.
   *
   * @param namespace the release's
   * @param ca the CA's certificate, PEM
   */
  public FilesWithCa(KubernetesClient client, String namespace, TlsFiles files, Path ca) {
    this.files = files;
    this.ca = ca;
    this.published = new PublishedCa(client, namespace);
  }

  @Override
  public String describe() {
    return files.describe();
  }

  @Override
  public synchronized Content read() throws IOException {
    Content content = files.read();
    String now = pem();
    if (!now.equals(last)) {
      try {
        published.publish(now);
      } catch (KubernetesClientException e) {
        throw new IOException("cannot make the CA of " + ca + " known: " + e.getMessage(), e);
      }
      last = now;
    }
    return content;
  }

  private String pem() throws IOException {
    if (!Files.exists(ca)) {
      throw new IOException(
          "ROUSE_TLS_CA is %s, which is not there: brains need it to trust the server; take an issuer that tells its CA"
              .formatted(ca));
    }
    return Files.readString(ca);
  }
}
