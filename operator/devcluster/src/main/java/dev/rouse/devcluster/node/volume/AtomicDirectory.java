package dev.rouse.devcluster.node.volume;

import dev.rouse.devcluster.file.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose whole content changes at once, in the layout the kubelet uses: the files lie in
 * a hidden directory of their own, {@code ..data} is a link to it that is swapped by a rename, and
 * each visible name leads through {@code ..data}.
 */
final class AtomicDirectory {

  private static final String DATA = "..data";
  private static final String NEXT = "..data_tmp";
  private static final String VERSION = "..version_";

  private final Path directory;
  private @Nullable Map<String, FileContent> current;

  AtomicDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes exactly this the content; does nothing if it is already.
   *
   * @param files by relative path, which may hold subdirectories but no {@code ..}
   */
  void write(Map<String, FileContent> files) throws IOException {
    if (files.equals(current)) {
      return;
    }
    files.keySet().forEach(AtomicDirectory::check);
    Files.createDirectories(directory);
    Optional<Path> former = target();
    Path version = Files.createTempDirectory(directory, VERSION);
    Modes.set(version, Modes.DIRECTORY);
    for (Map.Entry<String, FileContent> file : files.entrySet()) {
      Path target = version.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue().bytes());
      Modes.set(target, file.getValue().mode());
    }
    swap(version);
    expose(files.keySet());
    if (former.isPresent()) {
      Trees.delete(former.get());
    }
    current = Map.copyOf(files);
  }

  private Optional<Path> target() throws IOException {
    Path link = directory.resolve(DATA);
    return Files.isSymbolicLink(link)
        ? Optional.of(directory.resolve(Files.readSymbolicLink(link)))
        : Optional.empty();
  }

  private void swap(Path version) throws IOException {
    Path next = directory.resolve(NEXT);
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, version.getFileName());
    Files.move(next, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Links the first element of each path through the data link, and drops the others. */
  private void expose(Set<String> paths) throws IOException {
    Set<String> wanted = new HashSet<>();
    paths.forEach(path -> wanted.add(Path.of(path).getName(0).toString()));
    for (String name : wanted) {
      Path link = directory.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("..") && !wanted.contains(name)) {
          Files.delete(entry);
        }
      }
    }
  }

  private static void check(String path) {
    Path relative = Path.of(path);
    if (relative.isAbsolute()
        || path.isEmpty()
        || relative.getName(0).toString().startsWith("..")
        || !relative.normalize().equals(relative)) {
      throw new IllegalArgumentException("'" + path + "' is not a path below a volume");
    }
  }
}
