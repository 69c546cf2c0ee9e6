package dev.rouse.hands.execution;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.session.EventCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells one call from another without keeping its input. */
final class Fingerprint {

  private static final ObjectMapper JSON = EventCodec.JSON;

  private Fingerprint() {}

  /** Of a tool's name and input; the order of the input's fields does not matter. */
  static String of(String name, ObjectNode input) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        JSON.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED).writeValue(out, input);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException(
          "every JVM has SHA-256, and nothing here can fail to write", e);
    }
  }
}
