package dev.rouse.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.LogUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreDirectoryTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "SMBFS",
        "fuse.sshfs",
        "fuse.glusterfs",
        "ceph",
        "9p",
        "lustre",
        "macfuse.x"
      })
  void aNetworkFileSystemIsRefused(String type) {
    assertThat(StoreDirectory.problem(directory, type))
        .hasValueSatisfying(problem ->
            assertThat(problem).contains(type).contains(directory.toString()).contains("volume"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "fuseblk"})
  void aLocalOneIsNot(String type) {
    assertThat(StoreDirectory.problem(directory, type)).isEmpty();
  }

  @Test
  void aDirectoryIsTakenOnceAndTheHolderNamed() throws IOException {
    // Given
    try (StoreDirectory _ = StoreDirectory.take(directory.resolve("new"))) {
      // When
      assertThatThrownBy(() -> StoreDirectory.take(directory.resolve("new")))
          // Then
          .isInstanceOf(LogUnavailable.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("only one server");
    }
    StoreDirectory.take(directory.resolve("new")).close();
  }

  @Test
  void whatAKilledProcessLeftBlocksNobody() throws IOException {
    // Given
    Files.createFile(directory.resolve("rouse.lock"));
    Files.writeString(
        directory.resolve("rouse.holder"), "process 1 on rouse-0, started long ago, since then");
    // When
    StoreDirectory taken = StoreDirectory.take(directory);
    // Then
    assertThat(Files.readString(directory.resolve("rouse.holder")))
        .contains("process " + ProcessHandle.current().pid());
    taken.close();
  }
}
