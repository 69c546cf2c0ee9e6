package dev.rouse.devcluster.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {

  private static final String URL = "https://127.0.0.1:6443";

  @TempDir private Path directory;
  private Path ca;

  @BeforeEach
  void writeCa() throws Exception {
    ca = Files.writeString(directory.resolve("ca.crt"), "authority");
  }

  @Test
  void aTokenIsInTheFileItself() throws Exception {
    // Given
    Kubeconfig kubeconfig = new Kubeconfig(URL, ca, new Kubeconfig.Credential.Token("abc"));

    // When
    Path file = kubeconfig.write(directory.resolve("k.yaml"));

    // Then
    Config config = Config.fromKubeconfig(file.toFile());
    assertThat(config.getMasterUrl()).startsWith(URL);
    assertThat(config.getAutoOAuthToken()).isEqualTo("abc");
    assertThat(config.getCaCertData()).isEqualTo(base64("authority"));
    assertThat(config.getNamespace()).isEqualTo("default");
  }

  @Test
  void certificateAndKeyAreInTheFileItself() throws Exception {
    // Given
    KeyFiles files =
        new KeyFiles(
            Files.writeString(directory.resolve("c"), "certificate"),
            Files.writeString(directory.resolve("k"), "key"));

    // When
    Path file =
        new Kubeconfig(URL, ca, new Kubeconfig.Credential.Certificate(files))
            .write(directory.resolve("k.yaml"));

    // Then
    Config config = Config.fromKubeconfig(file.toFile());
    assertThat(config.getClientCertData()).isEqualTo(base64("certificate"));
    assertThat(config.getClientKeyData()).isEqualTo(base64("key"));
  }

  @Test
  void aFileIsReplacedWholeAndReadableByThisUserAlone() throws Exception {
    // Given
    Path file = directory.resolve("k.yaml");
    new Kubeconfig(URL, ca, new Kubeconfig.Credential.Token("old")).write(file);

    // When
    new Kubeconfig(URL, ca, new Kubeconfig.Credential.Token("new")).write(file);

    // Then
    assertThat(Files.readString(file)).contains("new").doesNotContain("old");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.next");
  }

  @Test
  void aTokenIsNotShown() {
    Kubeconfig kubeconfig = new Kubeconfig(URL, ca, new Kubeconfig.Credential.Token("abc"));

    assertThat(kubeconfig.toString()).doesNotContain("abc");
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
