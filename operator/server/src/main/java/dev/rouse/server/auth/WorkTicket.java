package dev.rouse.server.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/**
 * Lets a worker work for one session as long as one work item lasts: the wire's {@code
 * sessions_token} (contract §1.4).
 *
 * <p>Text form: {@code rouse-work_base64url(json).base64url(Ed25519 signature)}. The signature is
 * over the prefix, too, which no other ticket that is signed with the same key begins with: none
 * can be taken for the other.
 *
 * @param sessionUid the Session object's UID
 * @param workUid the UID of the item's Lease
 * @param environmentUid the Environment object's UID
 * @param key the Secret of the environment key that claimed the item: revoking it ends this, too
 */
public record WorkTicket(String sessionUid, String workUid, String environmentUid, String key) {

  /** How every one begins; no key does. */
  public static final String PREFIX = "rouse-work_";

  private static final String ALGORITHM = "Ed25519";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** Whether a credential means to be one of these, whole or not. */
  public static boolean isMeantBy(String credential) {
    return credential.startsWith(PREFIX);
  }

  /** The signed text form. */
  public String sign(PrivateKey privateKey) {
    String payload =
        PREFIX
            + ENCODER.encodeToString(
                JsonNodeFactory.instance
                    .objectNode()
                    .put("session", sessionUid)
                    .put("work", workUid)
                    .put("environment", environmentUid)
                    .put("key", key)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(payload.getBytes(StandardCharsets.US_ASCII));
      return payload + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a ticket for session " + sessionUid, e);
    }
  }

  /** The ticket that {@code text} is, or empty if it is malformed or not signed by the key. */
  public static Optional<WorkTicket> verify(String text, PublicKey publicKey) {
    int dot = text.indexOf('.');
    if (!isMeantBy(text) || dot < 0) {
      return Optional.empty();
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey);
      signature.update(text.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(text.substring(dot + 1)))) {
        return Optional.empty();
      }
      JsonNode json =
          EventCodec.JSON.readTree(
              Base64.getUrlDecoder().decode(text.substring(PREFIX.length(), dot)));
      return Optional.of(
          new WorkTicket(
              json.path("session").asText(),
              json.path("work").asText(),
              json.path("environment").asText(),
              json.path("key").asText()));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Without the signature, which must not be logged. */
  @Override
  public String toString() {
    return "WorkTicket[" + workUid + "]";
  }
}
