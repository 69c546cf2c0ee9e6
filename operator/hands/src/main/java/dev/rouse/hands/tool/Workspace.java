package dev.rouse.hands.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The directory that tools work in. File tools stay inside it, also through symbolic links. That
 * keeps a model from mistakes; what keeps code in is the sandbox, for bash goes anywhere.
 *
 * @param root without symbolic links
 */
public record Workspace(Path root) {

  /** Names that searches leave out: not the agent's work, and often very large. */
  private static final Set<String> SKIPPED = Set.of(".git", "node_modules", ".rouse");

  /** The workspace in a directory, which is made if it is missing. */
  public static Workspace open(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Workspace(directory.toRealPath());
  }

  /**
   * The file that a model means, without symbolic links; it need not exist.
   *
   * @param field the input's field, for complaints
   */
  public Path resolve(String field, String text) throws BadInputException, IOException {
    if (text.isEmpty()) {
      throw new BadInputException(field + " is empty: give a path");
    }
    Path path;
    try {
      path = root.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new BadInputException(field + " is not a path: " + e.getReason());
    }
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    Path real = existing.toRealPath();
    if (!real.startsWith(root)) {
      throw new BadInputException(
          field + " is outside the workspace " + root + ": use bash for files elsewhere");
    }
    return real.resolve(existing.relativize(path)).normalize();
  }

  /** A path as the model is shown it: relative to the workspace. */
  public String show(Path path) {
    return path.equals(root) ? "." : root.relativize(path).toString();
  }

  /** Whether searches leave out a file or directory of this name. */
  public boolean isSkipped(Path path) {
    Path name = path.getFileName();
    return name != null && SKIPPED.contains(name.toString());
  }

  /** Where outputs go that are too long to be shown. */
  public Path outputs() {
    return root.resolve(".rouse").resolve("outputs");
  }

  /** Makes that place, and keeps it out of version control. */
  public void makeOutputs() throws IOException {
    Files.createDirectories(outputs());
    Path ignored = root.resolve(".rouse").resolve(".gitignore");
    if (!Files.exists(ignored)) {
      Files.writeString(ignored, "*\n");
    }
  }
}
