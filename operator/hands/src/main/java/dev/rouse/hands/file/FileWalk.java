package dev.rouse.hands.file;

import dev.rouse.hands.tool.Deadline;
import dev.rouse.hands.tool.Workspace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Looks at every regular file below a directory. Symbolic links are not followed. */
final class FileWalk {

  private FileWalk() {}

  /** Is shown a file; false ends the walk. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(Path file, BasicFileAttributes attributes) throws IOException;
  }

  static void walk(Workspace workspace, Path start, Deadline deadline, Visitor visitor)
      throws IOException {
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return !directory.equals(start) && workspace.isSkipped(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            boolean goOn =
                !deadline.isOver()
                    && (!attributes.isRegularFile() || visitor.visit(file, attributes));
            return goOn ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException goneOrNotReadable) {
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
