package dev.rouse.server.http;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a {@link CertificateSource} as it is now: asked at every handshake, so that
 * another one is served without a moment in between.
 */
final class ServedCertificate extends X509ExtendedKeyManager {

  private static final String[] KEY_TYPES = {"RSA", "EC", "EdDSA"};

  /** A certificate chain, its key, and the number under which a handshake goes on with both. */
  private record Pair(
      String alias, CertificateSource.Content content, X509Certificate[] chain, PrivateKey key) {}

  private final Vertx vertx;
  private final CertificateSource source;
  private volatile Pair current;

  /** For handshakes that began with it. */
  private volatile @Nullable Pair previous;

  /** Reads the source. @throws IOException when they are no certificate and its key */
  ServedCertificate(Vertx vertx, CertificateSource source) throws IOException {
    this.vertx = vertx;
    this.source = source;
    this.current = load(source.read(), 1);
  }

  /**
   * Reads the source again.
   *
   * @return whether another certificate is served from now on
   * @throws IOException when it holds no certificate and its key, for example because they are just
   *     being replaced; the one before stays
   */
  synchronized boolean refresh() throws IOException {
    CertificateSource.Content content = source.read();
    Pair before = current;
    if (content.equals(before.content())) {
      return false;
    }
    Pair next = load(content, Long.parseLong(before.alias()) + 1);
    previous = before;
    current = next;
    return true;
  }

  private Pair load(CertificateSource.Content content, long number) throws IOException {
    try {
      for (KeyManager manager : content.options().getKeyManagerFactory(vertx).getKeyManagers()) {
        if (manager instanceof X509KeyManager keys) {
          return pair(content, number, keys);
        }
      }
      throw new GeneralSecurityException("there is none");
    } catch (Exception e) {
      throw new IOException(
          source.describe() + " are no certificate and its key: " + e.getMessage(), e);
    }
  }

  private static Pair pair(CertificateSource.Content content, long number, X509KeyManager keys)
      throws GeneralSecurityException {
    for (String type : KEY_TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        X509Certificate[] chain = keys.getCertificateChain(aliases[0]);
        PrivateKey key = keys.getPrivateKey(aliases[0]);
        belongTogether(type, chain[0], key);
        return new Pair(Long.toString(number), content, chain, key);
      }
    }
    throw new GeneralSecurityException("the key is neither RSA, EC nor EdDSA");
  }

  private static void belongTogether(String type, X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (type) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the key is another certificate's");
    }
  }

  private @Nullable Pair of(String alias) {
    Pair now = current;
    Pair before = previous;
    if (now.alias().equals(alias)) {
      return now;
    }
    return before != null && before.alias().equals(alias) ? before : null;
  }

  private @Nullable String alias(String keyType) {
    Pair now = current;
    String served = now.key().getAlgorithm();
    return keyType.startsWith(served) || keyType.equals("EdDSA") && served.startsWith("Ed")
        ? now.alias()
        : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Pair pair = of(alias);
    return pair == null ? null : pair.chain().clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Pair pair = of(alias);
    return pair == null ? null : pair.key();
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
