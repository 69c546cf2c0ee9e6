package dev.rouse.server.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate in files, which somebody else renews.
 *
 * @param certificate the chain, PEM
 * @param key the private key, PEM (PKCS #8)
 */
public record TlsFiles(Path certificate, Path key) implements CertificateSource {

  @Override
  public Content read() throws IOException {
    return new Content(
        Buffer.buffer(Files.readAllBytes(certificate)), Buffer.buffer(Files.readAllBytes(key)));
  }

  @Override
  public String describe() {
    return certificate + " and " + key;
  }
}
