package dev.rouse.hands.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void cutAnywhereTheWholeLinesAreLeftAndCanBeContinued() throws Exception {
    // Given
    FaultyDisk whole = new FaultyDisk();
    try (Lines lines = Lines.open(whole, (_, _) -> {})) {
      lines.append("one".getBytes(UTF_8));
      lines.append("two, a longer one with ünicode".getBytes(UTF_8));
      lines.append("three".getBytes(UTF_8));
    }

    for (int cut = 0; cut <= whole.bytes().length; cut++) {
      // When
      FaultyDisk disk = new FaultyDisk(Arrays.copyOf(whole.bytes(), cut));
      List<String> before = read(disk);
      try (Lines lines = Lines.open(disk, (_, _) -> {})) {
        lines.append("after".getBytes(UTF_8));
      }

      // Then
      List<String> all = List.of("one", "two, a longer one with ünicode", "three");
      assertThat(before).as("cut at %d", cut).isEqualTo(all.subList(0, before.size()));
      List<String> expected = new ArrayList<>(before);
      expected.add("after");
      assertThat(read(disk)).as("cut at %d", cut).isEqualTo(expected);
    }
  }

  @Test
  void aLastLineOfZerosIsATornOne() throws Exception {
    // Given: what some file systems leave after a power cut
    FaultyDisk disk = diskWith("one");
    disk = new FaultyDisk(Arrays.copyOf(disk.bytes(), disk.bytes().length + 100));

    // When
    List<String> lines = read(disk);

    // Then
    assertThat(lines).containsExactly("one");
  }

  @Test
  void anyChangedByteBeforeTheLastLineIsDamage() throws Exception {
    // Given
    FaultyDisk whole = diskWith("one", "two");

    for (int at = 0; at < 12; at++) {
      // When
      byte[] changed = whole.bytes().clone();
      changed[at] ^= 0x04;
      FaultyDisk disk = new FaultyDisk(changed);

      // Then
      assertThatThrownBy(() -> read(disk))
          .as("byte %d", at)
          .isInstanceOf(JournalDamagedException.class)
          .hasMessageContaining("damaged at byte 0");
    }
  }

  @Test
  void anAppendThatFindsNoRoomLeavesTheFileAsItWas() throws Exception {
    // Given
    FaultyDisk disk = diskWith("one");
    byte[] before = disk.bytes().clone();
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      disk.room = disk.size() + 9;

      // When
      assertThatThrownBy(() -> lines.append("two".getBytes(UTF_8)))
          .isInstanceOf(JournalFullException.class)
          .hasMessageContaining("No space left");

      // Then
      assertThat(disk.bytes()).isEqualTo(before);
      assertThat(lines.isBroken()).isFalse();
      disk.room = Long.MAX_VALUE;
      lines.append("three".getBytes(UTF_8));
      assertThat(read(disk)).containsExactly("one", "three");
    }
  }

  @Test
  void anAppendThatIsNotForcedIsNotAnAppend() throws Exception {
    // Given
    FaultyDisk disk = diskWith("one");
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      disk.failForce = true;

      // When
      assertThatThrownBy(() -> lines.append("two".getBytes(UTF_8)))
          .isInstanceOf(JournalFullException.class);

      // Then
      assertThat(lines.isBroken()).isTrue();
      disk.failForce = false;
      assertThatThrownBy(() -> lines.append("three".getBytes(UTF_8)))
          .isInstanceOf(JournalFullException.class);
      assertThat(read(disk)).containsExactly("one");
    }
  }

  @Test
  void whatCannotBeTakenBackStopsEverything() throws Exception {
    // Given
    FaultyDisk disk = diskWith("one");
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      disk.room = disk.size() + 9;
      disk.failTruncate = true;

      // When
      assertThatThrownBy(() -> lines.append("two".getBytes(UTF_8)))
          .isInstanceOf(JournalFullException.class);

      // Then
      assertThat(lines.isBroken()).isTrue();
    }
  }

  @Test
  void readsASingleLineAgain() throws Exception {
    // Given
    FaultyDisk disk = diskWith("one");
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      long offset = lines.append("two".getBytes(UTF_8));

      // When
      byte[] text = lines.read(offset, 3);

      // Then
      assertThat(text).asString(UTF_8).isEqualTo("two");
      disk.bytes()[(int) offset + 9] ^= 1;
      assertThatThrownBy(() -> lines.read(offset, 3)).hasMessageContaining("has changed");
    }
  }

  private static FaultyDisk diskWith(String... texts) throws IOException {
    FaultyDisk disk = new FaultyDisk();
    try (Lines lines = Lines.open(disk, (_, _) -> {})) {
      for (String text : texts) {
        lines.append(text.getBytes(UTF_8));
      }
    }
    return disk;
  }

  private static List<String> read(FaultyDisk disk) throws IOException {
    List<String> texts = new ArrayList<>();
    Lines.open(disk, (_, text) -> texts.add(new String(text, UTF_8))).close();
    return texts;
  }
}
