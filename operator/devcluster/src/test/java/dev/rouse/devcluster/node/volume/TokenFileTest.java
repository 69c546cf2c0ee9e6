package dev.rouse.devcluster.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.devcluster.node.volume.Tokens.Token;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TokenFileTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final SettableClock clock = new SettableClock();
  private final FakeTokens tokens = new FakeTokens();
  private final TokenFile file =
      new TokenFile(new ServiceAccountTokenProjection("brain", 1000L, "token"), clock);

  @Test
  void asksForTheAudienceAndLifetimeWanted() throws VolumeException {
    // Given a fresh file

    // When
    String value = content();

    // Then
    assertThat(value).isEqualTo("brain-1000-1");
    assertThat(file.renewAt()).isEqualTo(T0.plusSeconds(800));
  }

  @Test
  void keepsATokenForFourFifthsOfItsLife() throws VolumeException {
    // Given
    String first = content();

    // When
    clock.now = T0.plusSeconds(799);

    // Then
    assertThat(content()).isEqualTo(first);
    clock.now = T0.plusSeconds(800);
    assertThat(content()).isEqualTo("brain-1000-2");
  }

  @Test
  void showsTheOldTokenWhileNoNewOneIsGivenAndItStillHolds() throws VolumeException {
    // Given
    String first = content();
    tokens.refuse = true;

    // When
    clock.now = T0.plusSeconds(999);

    // Then
    assertThat(content()).isEqualTo(first);
    assertThat(file.renewAt()).isEqualTo(T0.plusSeconds(1000));
    clock.now = T0.plusSeconds(1000);
    assertThatThrownBy(this::content).isInstanceOf(VolumeException.class);
  }

  private String content() throws VolumeException {
    return new String(file.content(tokens), StandardCharsets.UTF_8);
  }

  private final class FakeTokens implements Tokens {
    private boolean refuse;
    private int given;

    @Override
    public Token request(String audience, long seconds) throws VolumeException {
      if (refuse) {
        throw new VolumeException("refused", null);
      }
      given++;
      return new Token(
          audience + "-" + seconds + "-" + given, clock.instant().plusSeconds(seconds));
    }
  }

  private static final class SettableClock extends Clock {
    private Instant now = T0;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
