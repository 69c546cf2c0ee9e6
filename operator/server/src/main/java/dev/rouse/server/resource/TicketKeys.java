package dev.rouse.server.resource;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rouse.session.protocol.Ticket;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key pair that tickets for hands are signed with: one for all servers, in Secret {@value
 * #NAME} of the release namespace, made by whoever starts first.
 *
 * @param privateKey signs
 * @param publicKey in its text form, as hands get it
 */
public record TicketKeys(PrivateKey privateKey, String publicKey) {

  /** The Secret's name. */
  public static final String NAME = "rouse-ticket-key";

  private static final String PRIVATE = "private";
  private static final String PUBLIC = "public";
  private static final int ATTEMPTS = 5;

  /** The pair of this release, made now if there is none. */
  public static TicketKeys ensure(KubernetesClient client, String namespace) {
    var secrets = client.secrets().inNamespace(namespace);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Secret found = secrets.withName(NAME).get();
      if (found != null) {
        return of(namespace, found.getData());
      }
      try {
        Secret made = secrets.resource(secret(namespace)).create();
        return of(namespace, made.getData());
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw e;
        }
      }
    }
    throw new IllegalStateException(
        "Secret " + namespace + "/" + NAME + " comes and goes: something removes it");
  }

  private static Secret secret(String namespace) {
    KeyPair pair = generate();
    Base64.Encoder base64 = Base64.getEncoder();
    return new SecretBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/managed-by", "rouse")
        .endMetadata()
        .withType("Opaque")
        .withImmutable(true)
        .addToData(PRIVATE, base64.encodeToString(pair.getPrivate().getEncoded()))
        .addToData(
            PUBLIC, base64.encodeToString(Ticket.encodeKey(pair.getPublic()).getBytes(US_ASCII)))
        .build();
  }

  private static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  private static TicketKeys of(String namespace, @Nullable Map<String, String> data) {
    try {
      if (data == null || !data.containsKey(PRIVATE) || !data.containsKey(PUBLIC)) {
        throw new IllegalArgumentException("keys private and public are needed");
      }
      Base64.Decoder base64 = Base64.getDecoder();
      PrivateKey privateKey =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(base64.decode(data.get(PRIVATE))));
      String text = new String(base64.decode(data.get(PUBLIC)), US_ASCII);
      PublicKey publicKey = Ticket.decodeKey(text);
      String probe = new Ticket("probe", 1, 1).sign(privateKey);
      if (Ticket.verify(probe, publicKey).isEmpty()) {
        throw new IllegalArgumentException("the two keys do not belong together");
      }
      return new TicketKeys(privateKey, text);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "Secret "
              + namespace
              + "/"
              + NAME
              + " does not hold a ticket key pair: delete it, and a new one is made at the next"
              + " start; hands that run must then be deleted, too",
          e);
    }
  }

  @Override
  public String toString() {
    return "TicketKeys[" + publicKey + "]";
  }
}
