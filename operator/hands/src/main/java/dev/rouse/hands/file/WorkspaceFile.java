package dev.rouse.hands.file;

import dev.rouse.hands.journal.DurableFile;
import dev.rouse.hands.tool.BadInputException;
import dev.rouse.session.tools.AgentToolset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A file that a model named.
 *
 * @param field the input's field that names it, for complaints
 * @param path inside the workspace
 */
record WorkspaceFile(String field, Path path) {

  /** Makes sure that there is a file that can be read. */
  void requireReadable() throws BadInputException {
    if (!Files.exists(path)) {
      throw new BadInputException(field + ": there is no file " + path);
    }
    if (Files.isDirectory(path)) {
      throw new BadInputException(
          field + ": " + path + " is a directory; list it with glob or with ls in bash");
    }
    if (!Files.isRegularFile(path)) {
      throw new BadInputException(field + ": " + path + " is not a regular file; use bash");
    }
  }

  /** Whether it is too large to be handled whole. */
  boolean isLarge() throws IOException {
    return Files.size(path) > AgentToolset.MAX_FILE_BYTES;
  }

  /**
   * Gives it new content: whole or not at all, and on the disk when this returns. Missing
   * directories are made, permissions stay.
   *
   * @param toolUseId makes the name of the temporary file unique
   */
  void replace(byte[] content, String toolUseId) throws BadInputException, IOException {
    if (Files.isDirectory(path)) {
      throw new BadInputException(field + ": " + path + " is a directory");
    }
    Path directory = DurableFile.parentOf(path);
    Files.createDirectories(directory);
    Path temporary = directory.resolve("." + toolUseId + ".tmp");
    boolean exists = Files.exists(path);
    Set<PosixFilePermission> permissions = exists ? Files.getPosixFilePermissions(path) : Set.of();
    DurableFile.write(
        path,
        temporary,
        out -> {
          if (exists) {
            Files.setPosixFilePermissions(temporary, permissions);
          }
          out.write(content);
        });
  }
}
