package dev.rouse.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;

/** Where the server's certificate comes from; asked again every few seconds. */
public interface CertificateSource {

  /**
   * What shall be served now.
   *
   * @throws IOException when that cannot be told; what was served before goes on
   */
  Content read() throws IOException;

  /** Where it is, for messages. */
  String describe();

  /**
   * A certificate chain and its private key, both PEM; equal contents are equal values.
   *
   * @param certificate the chain
   * @param key the private key (PKCS #8); never to be logged
   */
  record Content(Buffer certificate, Buffer key) {

    PemKeyCertOptions options() {
      return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
    }

    @Override
    public String toString() {
      return "Content[" + certificate.length() + " bytes of certificates]";
    }
  }
}
