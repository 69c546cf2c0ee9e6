package dev.rouse.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

  private static final String POD = "authentication.kubernetes.io/pod-uid";

  private static Identity named(String username) {
    return new Identity(username, "", List.of(), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "system:serviceaccount:team-a:ci,team-a",
    "system:serviceaccount::ci,",
    "system:serviceaccount:team-a,",
    "system:node:worker,",
    "jane@example.com,"
  })
  void onlyAServiceAccountHasANamespace(String username, String namespace) {
    assertThat(named(username).namespace().orElse(null)).isEqualTo(namespace);
  }

  @Test
  void aPodIsNamedByExactlyOneUid() {
    assertThat(named("x").podUid()).isEmpty();
    assertThat(new Identity("x", "", List.of(), Map.of(POD, List.of("a"))).podUid()).contains("a");
    assertThat(new Identity("x", "", List.of(), Map.of(POD, List.of("a", "b"))).podUid()).isEmpty();
  }
}
