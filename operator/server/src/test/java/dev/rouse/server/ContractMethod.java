package dev.rouse.server;

import dev.rouse.server.wire.Served;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One method of the public contract, served or not.
 *
 * @param name as the SDKs have it, for example {@code sessions.events.list}
 * @param path with short names in its places
 */
public record ContractMethod(String name, String verb, String path) {

  /** Every method that the SDKs have. */
  public static List<ContractMethod> all() {
    try (InputStream in =
        Objects.requireNonNull(
            ContractMethod.class.getResourceAsStream("/contract-methods.txt"), "the methods")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .map(parts -> new ContractMethod(parts[0], parts[1], parts[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an endpoint answers it. */
  public boolean isServed() {
    return Served.by(verb, path);
  }

  @Override
  public String toString() {
    return name;
  }
}
