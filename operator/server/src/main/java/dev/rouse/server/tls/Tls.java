package dev.rouse.server.tls;

import dev.rouse.server.http.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the server proves who it is. */
public sealed interface Tls {

  /**
   * By files that somebody else renews.
   *
   * @param ca the CA's certificate, PEM, to be published; null: clients trust it by other means
   */
  record Files(TlsFiles files, @Nullable Path ca) implements Tls {}

  /**
   * By a certificate that it makes.
   *
   * @param names host names and IP addresses that it is reached by, besides its Service's
   */
  record Self(List<String> names) implements Tls {
    public Self {
      names = List.copyOf(names);
    }
  }

  /** Not at all: plain HTTP, behind something that ends TLS. */
  record Off() implements Tls {}
}
