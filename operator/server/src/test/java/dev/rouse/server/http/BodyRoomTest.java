package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyRoomTest {

  @Test
  void bodiesTogetherHaveALimitThatOneAloneDoesNot() {
    // Given
    BodyRoom room = new BodyRoom(100);
    // When
    boolean alone = room.take(0, 150);
    boolean second = room.take(0, 1);
    room.giveBack(150);
    boolean later = room.take(0, 60);
    boolean beside = room.take(0, 40);
    boolean tooMuch = room.take(40, 1);
    // Then
    assertThat(alone).isTrue();
    assertThat(second).isFalse();
    assertThat(later).isTrue();
    assertThat(beside).isTrue();
    assertThat(tooMuch).isFalse();
  }
}
