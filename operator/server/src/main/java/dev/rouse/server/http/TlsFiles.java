package dev.rouse.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the server's certificate is.
 *
 * @param certificate the chain, PEM
 * @param key the private key, PEM (PKCS #8)
 */
public record TlsFiles(Path certificate, Path key) {

  /** What stands in both files now; equal contents are equal values. */
  record Content(Buffer certificate, Buffer key) {

    PemKeyCertOptions options() {
      return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
    }
  }

  Content read() throws IOException {
    return new Content(
        Buffer.buffer(Files.readAllBytes(certificate)), Buffer.buffer(Files.readAllBytes(key)));
  }
}
