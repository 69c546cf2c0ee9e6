package dev.rouse.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.bed.Release;
import dev.rouse.e2e.bed.SharedBed;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in a sandbox, and what it can do to others. The commands are run as a model's are. */
@ExtendWith(SharedBed.class)
@Order(50)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class SandboxE2E {

  /** All that the sandbox can read, except the kernel's own and what an image cannot be without. */
  private static final String SEARCH =
      """
      found=/tmp/found
      { env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; cat /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; } \
        | grep -aE '%1$s' > $found
      find / -xdev -type f -readable -size -2M ! -path '/proc/*' ! -path '/sys/*' 2>/dev/null \
        | xargs -d '\\n' grep -alE '%1$s' 2>/dev/null | grep -v '^/usr/' >> $found
      for mount in $(awk '$3 !~ /^(proc|sysfs|cgroup2?|mqueue|devpts)$/ {print $2}' /proc/mounts); do
        find "$mount" -xdev -type f -readable -size -2M 2>/dev/null \
          | xargs -d '\\n' grep -alE '%1$s' 2>/dev/null | grep -v -e '^/usr/' -e '^/proc/' -e '^/sys/' >> $found
      done
      ls -d /var/run/secrets/* /run/secrets/* 2>/dev/null >> $found
      sort -u $found | grep -v "^$found$"
      echo searched
      """;

  /** JSON web tokens, private keys, and the model's key; in words that do not find themselves. */
  private static final String CREDENTIALS =
      "eyJ[A-Za-z0-9_-]{10,}\\.eyJ|-----BEGIN [A-Z ]*PRIVATE KEY|"
          + Team.MODEL_KEY.replaceFirst("(.)$", "[$1]");

  private final Team team;

  SandboxE2E(Release release) throws IOException {
    this.team = Team.create(release, "sandbox");
  }

  @Tag("failure-18")
  @Test
  void noCredentialIsFoundInASandbox() throws Exception {
    // When
    PodSession session = team.shell("search", "default", SEARCH.formatted(CREDENTIALS));

    // Then
    session.awaitAnswer("It says:");
    assertThat(session.lastWords().strip()).isEqualTo("It says: searched");
  }

  @Test
  void theSearchFindsWhatIsThere() throws Exception {
    // When: so that nobody finds nothing because nobody looked.
    PodSession session =
        team.shell(
            "found",
            "default",
            "echo %s > planted\n".formatted(Team.MODEL_KEY) + SEARCH.formatted(CREDENTIALS));

    // Then
    session.awaitAnswer("It says:");
    assertThat(session.lastWords()).contains("/planted");
  }

  static Stream<Arguments> harms() {
    return Stream.of(
        harm(
            "fork-bomb",
            "default",
            "bomb() { bomb | bomb & }; bomb; sleep 20; echo over",
            "Resource temporarily unavailable",
            "out of memory",
            "unknown"),
        harm(
            "memory-hog",
            "default",
            "tail /dev/zero; echo ended with $?",
            "Killed",
            "137",
            "memory"),
        harm("full-disk", "small", "cat /dev/zero > all; echo ended with $?", "No space left"));
  }

  private static Arguments harm(String name, String environment, String command, String... told) {
    return Arguments.of(name, environment, command, told);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harms")
  void harmsOnlyItsOwnSessionAndTheModelIsTold(
      String harm, String environment, String command, String[] words) throws Exception {
    // Given
    PodSession neighbour = team.shell(harm + "-neighbour", "default", "echo before");
    neighbour.awaitAnswer("It says: before");

    // When
    PodSession session = team.shell(harm, environment, command);
    session.hands();
    neighbour.say("second", Team.run("echo beside"));

    // Then
    // Its hands may be new ones, and say so first.
    neighbour.awaitLastWords("beside");
    session.awaitAnswer("It ");
    String told = session.lastWords();
    assertThat(told).as("what the model learned of the %s", harm).containsAnyOf(words);
    // It can go on.
    session.say("again", "Are you well?");
    session.awaitAnswer("I am well.");
  }
}
