package dev.rouse.devcluster.node.pod;

import dev.rouse.devcluster.file.Trees;
import dev.rouse.devcluster.node.process.AttemptDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a pod's files lie: {@code <data>/pods/<uid>/<container>/<attempt>}, its volumes in {@code
 * <data>/volumes/<uid>}. Container names hold no dot, so files of the pod itself begin with one.
 */
public record PodDirectory(Path data, String uid) {

  /** The pods that have a directory, whether or not they still exist. */
  public static List<String> known(Path data) throws IOException {
    Path pods = data.resolve("pods");
    if (!Files.isDirectory(pods)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(pods)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  public Path path() {
    return data.resolve("pods").resolve(uid);
  }

  public Path volumes() {
    return data.resolve("volumes").resolve(uid);
  }

  /** HOME of a container, kept over its restarts. */
  public Path home(String container) {
    return path().resolve(container).resolve("home");
  }

  public AttemptDirectory attempt(String container, int attempt) {
    return new AttemptDirectory(path().resolve(container).resolve(Integer.toString(attempt)));
  }

  /** The highest attempt of a container; -1 if there was none. */
  public int lastAttempt(String container) throws IOException {
    Path directory = path().resolve(container);
    if (!Files.isDirectory(directory)) {
      return -1;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("\\d{1,9}"))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(-1);
    }
  }

  /** The address the pod was given, if it was. */
  public Optional<String> address() throws IOException {
    try {
      return Optional.of(Files.readString(path().resolve(".address")).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public void writeAddress(String address) throws IOException {
    Files.createDirectories(path());
    Files.writeString(path().resolve(".address"), address + "\n");
  }

  /** Removes everything of the pod on this machine. */
  public void remove() throws IOException {
    Trees.delete(volumes());
    Trees.delete(path());
  }
}
