package dev.rouse.session.protocol;

import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * Lets one brain, in one epoch, call the hands of one session and generation.
 *
 * <p>Text form: {@code base64url(json).base64url(Ed25519 signature over the first part)}. The
 * server signs; hands hold the public key only, so code in a sandbox can neither make a ticket nor
 * use one for another session.
 *
 * @param sessionUid the Session object's UID
 * @param generation the hands' generation
 * @param epoch the brain's epoch
 */
public record Ticket(String sessionUid, int generation, int epoch) {

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** The signed text form. */
  public String sign(PrivateKey key) {
    try {
      String payload = ENCODER.encodeToString(EventCodec.JSON.writeValueAsBytes(this));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(payload.getBytes(StandardCharsets.US_ASCII));
      return payload + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot sign a ticket for session " + sessionUid, e);
    }
  }

  /** The ticket that {@code text} is, or empty if it is malformed or not signed by {@code key}. */
  public static Optional<Ticket> verify(String text, PublicKey key) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(text.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(text.substring(dot + 1)))) {
        return Optional.empty();
      }
      byte[] payload = Base64.getUrlDecoder().decode(text.substring(0, dot));
      return Optional.of(EventCodec.JSON.readValue(payload, Ticket.class));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The text form of a public key, as it stands in {@code status.handsWanted.ticketKey}. */
  public static String encodeKey(PublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  /**
   * The public key of a text form.
   *
   * @throws IllegalArgumentException when it is not a base64 X.509 Ed25519 key
   */
  public static PublicKey decodeKey(String text) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }
}
