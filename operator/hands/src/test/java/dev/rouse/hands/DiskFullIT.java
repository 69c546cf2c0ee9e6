package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rouse.hands.Brain.Answer;
import dev.rouse.session.protocol.HandsProtocol.Code;
import dev.rouse.session.protocol.HandsProtocol.Outcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume that really is full: a small tmpfs, where this user may mount one. */
class DiskFullIT {

  private final Keys keys = Keys.make();

  @TempDir private Path directory;
  private Path volume;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    volume = Files.createDirectory(directory.resolve("volume"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", volume.toString());
    assumeTrue(mounted, "this user may not mount a tmpfs; FaultyDisk covers the journal's part");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", volume.toString())).isTrue();
    }
  }

  @Test
  void nothingStartsWhileTheVolumeIsFullAndAllGoesOnAfterwards() throws Exception {
    try (HandsProcess hands =
        HandsProcess.start(directory, HandsProcess.environment(volume, keys))) {
      // Given
      Brain brain = Brain.awake(hands.address(), keys, 1);
      Path filler = volume.resolve("filler");
      fill(filler);

      // When: the last pages of files still take something, so it is not the first that is refused
      int calls = 0;
      Answer refused = brain.bash("full_0", "echo 0 >> count");
      while (refused.status() == 200 && calls < 200) {
        calls++;
        refused = brain.bash("full_" + calls, "echo " + calls + " >> count");
      }

      // Then
      assertThat(refused.status()).isEqualTo(507);
      assertThat(refused.refusal().code()).isEqualTo(Code.JOURNAL_FULL);
      assertThat(refused.refusal().message()).contains("make room");
      Files.delete(filler);
      String last = Integer.toString(calls);
      Path count = volume.resolve("workspace/count");
      assertThat(Files.exists(count) ? Files.readAllLines(count) : List.of()).doesNotContain(last);
      Answer again = brain.bash("full_" + last, "echo " + last + " >> count");
      assertThat(again.outcome().status()).isEqualTo(Status.DONE);
      assertThat(Files.readAllLines(count)).filteredOn(last::equals).hasSize(1);
    }
  }

  @Test
  void aCommandThatFillsTheVolumeItselfIsStillAnswered() throws Exception {
    try (HandsProcess hands =
        HandsProcess.start(directory, HandsProcess.environment(volume, keys))) {
      // Given
      Brain brain = Brain.awake(hands.address(), keys, 1);

      // When
      Answer answer = brain.bash("fill_1", "head -c 50M /dev/zero > large; echo filled it");

      // Then
      assertThat(answer.outcome().status()).isEqualTo(Status.DONE);
      assertThat(answer.text()).contains("No space left").contains("filled it");
      hands.kill();
    }
    try (HandsProcess hands =
        HandsProcess.start(directory, HandsProcess.environment(volume, keys))) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      Answer again = brain.bash("fill_1", "head -c 50M /dev/zero > large; echo filled it");
      assertThat(again.text()).contains("filled it");
      Files.delete(volume.resolve("workspace/large"));
      assertThat(brain.bash("fill_2", "echo next").text()).endsWith("next\n");
    }
  }

  @Test
  void anOutputThatFillsTheVolumeIsShownAtBothEnds() throws Exception {
    try (HandsProcess hands =
        HandsProcess.start(directory, HandsProcess.environment(volume, keys))) {
      // When
      Answer answer = Brain.awake(hands.address(), keys, 1).bash("out_1", "seq 1 2800000");

      // Then
      assertThat(answer.text())
          .startsWith("1\n")
          .endsWith("2800000\n")
          .contains("No space left on device");
    }
  }

  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
