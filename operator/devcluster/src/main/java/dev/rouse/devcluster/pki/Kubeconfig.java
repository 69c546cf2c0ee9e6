package dev.rouse.devcluster.pki;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * How a client reaches the cluster, as a file that needs no other file beside it.
 *
 * @param url of the API server
 * @param ca the certificate it is trusted by
 * @param credential who the client is
 */
public record Kubeconfig(String url, Path ca, Credential credential) {

  private static final YAMLMapper YAML = new YAMLMapper();

  /** Who a client is. */
  public sealed interface Credential {

    /** The user of a certificate. */
    record Certificate(KeyFiles files) implements Credential {}

    /**
     * The user of a token. The token stands in the file itself: the Kubernetes client for Java does
     * not know {@code tokenFile}, but reads its kubeconfig again when a token is refused.
     */
    record Token(String token) implements Credential {
      @Override
      public String toString() {
        return "Token[…]";
      }
    }
  }

  /** Replaces the file in one step, so that a reader sees the old text or the new one. */
  public Path write(Path file) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Pem.writeSecret(next, text());
    return Files.move(
        next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  String text() throws IOException {
    String name = "rouse-dev";
    return YAML.writeValueAsString(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Config",
            "clusters",
            named(name, "cluster", Map.of("server", url, "certificate-authority-data", base64(ca))),
            "users",
            named(name, "user", user()),
            "contexts",
            named(name, "context", Map.of("cluster", name, "user", name, "namespace", "default")),
            "current-context",
            name));
  }

  private Map<String, String> user() throws IOException {
    return switch (credential) {
      case Credential.Certificate(KeyFiles files) ->
          Map.of(
              "client-certificate-data",
              base64(files.certificate()),
              "client-key-data",
              base64(files.key()));
      case Credential.Token(String token) -> Map.of("token", token);
    };
  }

  private static List<Map<String, Object>> named(String name, String what, Object value) {
    return List.of(Map.of("name", name, what, value));
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
