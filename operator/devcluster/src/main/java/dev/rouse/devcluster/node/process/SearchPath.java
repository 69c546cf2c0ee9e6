package dev.rouse.devcluster.node.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks programs up as exec does.
 *
 * @param directories a PATH value
 */
public record SearchPath(String directories) {

  /** What a process gets that names no PATH. */
  public static final String DEFAULT =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final Pattern SEPARATOR = Pattern.compile(":");

  /** The executable file a name leads to; a name with a slash is a place, not a name. */
  public Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(SearchPath::executable);
    }
    return SEPARATOR
        .splitAsStream(directories)
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(SearchPath::executable)
        .findFirst();
  }

  private static boolean executable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
