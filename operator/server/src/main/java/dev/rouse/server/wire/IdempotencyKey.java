package dev.rouse.server.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.RequestKey;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header by which a client makes sure that what it asks for twice happens once. */
final class IdempotencyKey {

  private static final int MOST = 256;

  /**
   * Writes what means the same in the same way: neither white space nor the order of keys counts.
   */
  private static final ObjectMapper CANONICAL =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  private IdempotencyKey() {}

  /** The key; empty if the client sent none. */
  static Optional<String> of(Call call) throws WireError {
    Optional<String> key = call.header("idempotency-key").filter(text -> !text.isBlank());
    if (key.isPresent() && key.get().length() > MOST) {
      throw WireError.invalid("Idempotency-Key: at most " + MOST + " characters");
    }
    return key;
  }

  /**
   * What a creation is recognised by when it comes again.
   *
   * @param body of the request; one that is not JSON is refused by who reads it
   * @return null if the client sent no key
   */
  static @Nullable RequestKey of(Call call, Visitor visitor, byte[] body) throws WireError {
    Optional<String> key = of(call);
    return key.isEmpty()
        ? null
        : RequestKey.of(visitor.principal(), visitor.workspace(), key.get(), canonical(body));
  }

  private static String canonical(byte[] body) {
    try {
      return CANONICAL.writeValueAsString(CANONICAL.readValue(body, Object.class));
    } catch (IOException _) {
      return new String(body, UTF_8);
    }
  }
}
