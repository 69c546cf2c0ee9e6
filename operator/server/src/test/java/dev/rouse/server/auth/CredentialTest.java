package dev.rouse.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of credential is understood as what it is, and its sender told the way out. */
class CredentialTest {

  private static final Instant NOW = Instant.ofEpochSecond(2_000_000_000);

  private static String token(String claims) {
    String body =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    return "eyJhbGciOiJSUzI1NiJ9." + body + ".c2ln";
  }

  private static String refusal(String text) {
    return new Credential(text).refusal(NOW);
  }

  @Test
  void a_key_that_is_not_known() {
    // When
    String refusal = refusal("rouse_" + "k".repeat(43));
    // Then
    assertThat(refusal).contains("API key", "revoked", "expired", "kubectl rouse key create");
    assertThat(refusal).doesNotContain("kkk");
  }

  @Test
  void a_key_that_was_cut() {
    assertThat(refusal("rouse_" + "k".repeat(42))).contains("API key is not whole", "43");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"aud":["rouse-brain"]}                   | a brain's
          {"aud":"rouse-brain"}                     | a brain's
          {"aud":["https://kubernetes.default.svc"]}| kubectl create token NAME --audience=rouse
          {"sub":"me"}                              | kubectl create token NAME --audience=rouse
          {"aud":["rouse"],"exp":1999999999}        | has expired
          {"aud":["rouse"],"exp":2000000001}        | its ServiceAccount is gone
          """)
  void a_token(String claims, String says) {
    assertThat(refusal(token(claims))).contains("Kubernetes token").contains(says);
  }

  @Test
  void a_key_of_a_model_provider_never_comes_back_in_an_answer() {
    // When
    String refusal = refusal("sk-ant-api03-secret");
    // Then
    assertThat(refusal).contains("model provider", "rouse_").doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({"hunter2", "a.b", "a.b.c", "!.!.!"})
  void anything_else(String text) {
    assertThat(refusal(text)).contains("neither an API key").doesNotContain("hunter2");
  }

  @Test
  void nothing_printed_holds_it() {
    assertThat(new Credential("hunter2").toString()).doesNotContain("hunter2");
  }
}
