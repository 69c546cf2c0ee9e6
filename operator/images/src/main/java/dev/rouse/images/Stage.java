package dev.rouse.images;

import dev.rouse.devcluster.file.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes into the images, laid out as it will be there: the runtime that all share, and for each
 * program a directory with its jars and its ahead-of-time cache.
 *
 * <p>The JVM takes a cache only beside jars of the same names, sizes and times, in the same order;
 * the directory that they are all in may be another.
 *
 * @param directory absolute
 */
record Stage(Path directory) {

  /** When every file of an image was written, as far as anybody can see. */
  static final Instant FILE_TIME = Instant.parse("2026-01-01T00:00:00Z");

  /** Where a program's directory and the runtime are in an image. */
  static final Path HOME = Path.of("/opt/rouse");

  /** Read by the launcher of Java: the flags, the class path and the main class. */
  static final String ARGUMENTS = "java.args";

  private static final Pattern OURS = Pattern.compile("rouse-[a-z]+-(?<version>.+)\\.jar");

  JavaRuntime runtime() {
    return new JavaRuntime(directory.resolve("runtime"));
  }

  /** What is in {@link #HOME} of the program's image, but for the runtime. */
  Path home(Program program) {
    return directory.resolve(program.title());
  }

  Path cache(Program program) {
    return cache(program, home(program));
  }

  private static Path cache(Program program, Path home) {
    return home.resolve(program.title() + ".aot");
  }

  Path arguments(Program program) {
    return home(program).resolve(ARGUMENTS);
  }

  /**
   * Fills it from what Maven built; what is there and still right stays.
   *
   * @throws IOException if a program is not built
   */
  void fill(Path checkout) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path identity = directory.resolve("runtime.identity");
    if (!Files.exists(identity) || !Files.readString(identity).equals(JavaRuntime.identity())) {
      JavaRuntime.link(runtime().home());
      Files.writeString(identity, JavaRuntime.identity());
    }
    for (Program program : Program.values()) {
      Path libraries = home(program).resolve("lib");
      Trees.delete(libraries);
      Files.createDirectories(libraries);
      for (Path jar : built(checkout, program)) {
        Path copy = libraries.resolve(jar.getFileName());
        Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(copy, FileTime.from(FILE_TIME));
      }
      List<String> cache = List.of("-XX:AOTCache=" + cache(program, HOME));
      Files.write(arguments(program), arguments(program, HOME, cache));
    }
  }

  private static List<Path> built(Path checkout, Program program) throws IOException {
    Path target = checkout.resolve("operator").resolve(program.module()).resolve("target");
    Path libraries = target.resolve("lib");
    if (!Files.isDirectory(libraries)) {
      throw new IOException(
          program.title() + " is not built: no " + libraries + "; run 'make jars'");
    }
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> own = Files.list(target);
        Stream<Path> others = Files.list(libraries)) {
      own.filter(
              file -> file.getFileName().toString().startsWith("rouse-" + program.module() + "-"))
          .filter(file -> !file.toString().matches(".*-(tests|sources|javadoc)\\.jar"))
          .forEach(jars::add);
      others.forEach(jars::add);
    }
    return jars;
  }

  /** The program's jars by name, which is their order on the class path. */
  List<Path> jars(Program program) throws IOException {
    try (Stream<Path> jars = Files.list(home(program).resolve("lib"))) {
      return jars.sorted().toList();
    }
  }

  /** Whether a jar is of this repository. */
  static boolean isOurs(Path jar) {
    return OURS.matcher(jar.getFileName().toString()).matches();
  }

  /** The version of the programs, as their jars are called. */
  String version() throws IOException {
    return jars(Program.HANDS).stream()
        .map(jar -> OURS.matcher(jar.getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group("version"))
        .findFirst()
        .orElseThrow(() -> new IOException("no jar of ours in " + home(Program.HANDS)));
  }

  /** The command that starts a program here as in its image, with more flags. */
  List<String> trial(Program program, String... more) throws IOException {
    List<String> flags = new ArrayList<>(program.limited());
    flags.addAll(List.of(more));
    List<String> command = new ArrayList<>();
    command.add(runtime().java().toString());
    command.addAll(arguments(program, home(program), flags));
    return command;
  }

  private List<String> arguments(Program program, Path home, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(program.flags());
    arguments.addAll(more);
    arguments.add("-cp");
    arguments.add(
        jars(program).stream()
            .map(jar -> home.resolve("lib").resolve(jar.getFileName()).toString())
            .collect(Collectors.joining(":")));
    arguments.add(program.main());
    return arguments;
  }

  /** What a program's cache depends on. */
  String fingerprint(Program program) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(JavaRuntime.identity().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(arguments(program)));
      for (Path jar : jars(program)) {
        digest.update(Files.readAllBytes(jar));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
