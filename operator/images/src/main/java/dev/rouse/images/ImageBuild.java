package dev.rouse.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Writes the images of a stage. From the same stage, base and settings come the same bytes.
 *
 * <p>Each image is its base and four layers, the ones that seldom change first: the Java runtime,
 * other people's libraries, our own jars, the cache with the command line.
 *
 * @param revision the commit, or empty
 * @param created what the images call their time
 * @param caches where layers are kept from one build to the next
 * @param insecure whether a registry may be spoken to without TLS
 */
record ImageBuild(Stage stage, String revision, Instant created, Path caches, boolean insecure) {

  private static final String USER = "1000:1000";
  private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.fromPath(Stage.HOME);

  /** That of the Java runtime, which is this machine's. */
  private static final Platform PLATFORM =
      new Platform(System.getProperty("os.arch").replace("aarch64", "arm64"), "linux");

  /** Everybody may read, nobody but root may write. */
  private static final FilePermissions FILE = FilePermissions.fromOctalString("644");

  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");

  /**
   * An image that was written.
   *
   * @param id the digest of its configuration, by which runtimes know it
   * @param digest of its manifest, as a registry has it
   */
  record Written(String name, String id, String digest) {}

  /**
   * Writes the image of a program as a tar, as {@code docker save} does.
   *
   * @param base {@code tar://PATH}, or the name of an image in a registry, which is read with the
   *     credentials that {@code docker login} left
   */
  Written tar(Program program, String base, Path file) throws IOException, InterruptedException {
    String name = name(program);
    try {
      return write(program, base, name, Containerizer.to(TarImage.at(file).named(name)));
    } catch (InvalidImageReferenceException e) {
      throw new IOException(name + " is no name for an image", e);
    }
  }

  /**
   * Pushes the image of a program, with such credentials, too.
   *
   * @param registry host, and path if it has one
   */
  Written push(Program program, String base, String registry)
      throws IOException, InterruptedException {
    String name = registry + "/" + name(program);
    try {
      return write(program, base, name, Containerizer.to(inRegistry(name)));
    } catch (InvalidImageReferenceException e) {
      throw new IOException("--push: %s is no name for an image".formatted(name), e);
    }
  }

  private static RegistryImage inRegistry(String name) throws InvalidImageReferenceException {
    ImageReference reference = ImageReference.parse(name);
    CredentialRetrieverFactory credentials =
        CredentialRetrieverFactory.forImage(reference, ImageBuild::tell);
    return RegistryImage.named(reference)
        .addCredentialRetriever(credentials.dockerConfig())
        .addCredentialRetriever(credentials.wellKnownCredentialHelpers());
  }

  private String name(Program program) throws IOException {
    return "rouse/%s:%s".formatted(program.title(), stage.version());
  }

  private Written write(Program program, String base, String name, Containerizer target)
      throws IOException, InterruptedException {
    try {
      JibContainer made =
          plan(program, base)
              .containerize(
                  target
                      .setToolName("rouse-images")
                      .setToolVersion(stage.version())
                      .setBaseImageLayersCache(caches.resolve("bases"))
                      .setApplicationLayersCache(caches.resolve("layers"))
                      .setAllowInsecureRegistries(insecure)
                      .addEventHandler(LogEvent.class, ImageBuild::tell));
      return new Written(name, made.getImageId().toString(), made.getDigest().toString());
    } catch (RegistryException
        | CacheDirectoryCreationException
        | InvalidImageReferenceException
        | ExecutionException e) {
      throw new IOException("%s could not be written: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static void tell(LogEvent event) {
    if (event.getLevel() == LogEvent.Level.ERROR) {
      System.err.println(event.getMessage());
    }
  }

  private JibContainerBuilder plan(Program program, String base)
      throws IOException, InvalidImageReferenceException {
    return (base.contains("://") ? Jib.from(base) : Jib.from(inRegistry(base)))
        .setPlatforms(Set.of(PLATFORM))
        .setCreationTime(created)
        .setUser(USER)
        .setWorkingDirectory(AbsoluteUnixPath.get("/"))
        .setLabels(labels(program))
        .addEnvironmentVariable("LANG", "C.UTF-8")
        .setEntrypoint(
            Stage.HOME.resolve("runtime/bin/java").toString(),
            "@" + Stage.HOME.resolve(Stage.ARGUMENTS))
        .setProgramArguments(List.of())
        .addFileEntriesLayer(
            FileEntriesLayer.builder()
                .setName("runtime")
                .addEntryRecursive(
                    stage.runtime().home(),
                    HOME.resolve("runtime"),
                    (file, _) -> Files.isExecutable(file) ? PROGRAM : FILE,
                    (_, _) -> Stage.FILE_TIME)
                .build())
        .addFileEntriesLayer(
            layer("libraries", jars(program).filter(jar -> !Stage.isOurs(jar)), "lib"))
        .addFileEntriesLayer(layer("program", jars(program).filter(Stage::isOurs), "lib"))
        .addFileEntriesLayer(
            layer("cache", Stream.of(stage.arguments(program), stage.cache(program)), ""));
  }

  private Stream<Path> jars(Program program) throws IOException {
    return stage.jars(program).stream();
  }

  private static FileEntriesLayer layer(String name, Stream<Path> files, String directory) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    files.forEach(file ->
        layer.addEntry(
            file,
            AbsoluteUnixPath.fromPath(
                Stage.HOME.resolve(directory).resolve(file.getFileName().toString())),
            FILE,
            Stage.FILE_TIME));
    return layer.build();
  }

  private Map<String, String> labels(Program program) throws IOException {
    Map<String, String> labels =
        new TreeMap<>(
            Map.of(
                "org.opencontainers.image.title", "rouse/" + program.title(),
                "org.opencontainers.image.description", program.description(),
                "org.opencontainers.image.version", stage.version(),
                "org.opencontainers.image.created", created.toString(),
                "org.opencontainers.image.licenses", "Apache-2.0"));
    if (!revision.isEmpty()) {
      labels.put("org.opencontainers.image.revision", revision);
    }
    return labels;
  }
}
