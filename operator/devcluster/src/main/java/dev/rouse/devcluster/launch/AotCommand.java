package dev.rouse.devcluster.launch;

import dev.rouse.devcluster.controlplane.Ports;
import dev.rouse.session.protocol.Ticket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes the ahead-of-time caches of the two programs that start with every session. A cache holds
 * only for the JVM, the jars and the flags of its training run, so the run is started as the node
 * starts it.
 */
@Command(
    name = "aot",
    description =
        "Make the ahead-of-time caches of brain and hands, if they are older than the jars.",
    mixinStandardHelpOptions = true)
public final class AotCommand implements Callable<Integer> {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  @Option(names = "--root", description = "The checkout. Default: the current directory.")
  private Path root = Path.of("");

  @Override
  public Integer call() throws Exception {
    refresh(root.toAbsolutePath().normalize());
    return 0;
  }

  /**
   * Makes the caches that are missing or older than their jars.
   *
   * @param checkout whose programs are built
   */
  public static void refresh(Path checkout)
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    Path work = Files.createTempDirectory("rouse-aot");
    List<Integer> ports = Ports.free(2);
    try {
      train(checkout, work, Components.BRAIN, ports.get(0), brain(work, ports.get(0)));
      train(checkout, work, Components.HANDS, ports.get(1), hands(work, ports.get(1)));
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A brain that looks for its server, in vain: it loads what every brain loads. */
  private static Map<String, String> brain(Path work, int port) throws IOException {
    String nowhere = "http://127.0.0.1:1";
    return Map.of(
        "ROUSE_SERVER_URL",
        nowhere,
        "ROUSE_SESSION_UID",
        "training",
        "ROUSE_TOKEN_FILE",
        Files.writeString(work.resolve("token"), "training").toString(),
        "ROUSE_PROVIDER_TYPE",
        "anthropic",
        "ROUSE_PROVIDER_URL",
        nowhere,
        "ROUSE_PROVIDER_KEY_FILE",
        work.resolve("token").toString(),
        "ROUSE_HEALTH_LISTEN",
        "127.0.0.1:" + port);
  }

  private static Map<String, String> hands(Path work, int port)
      throws IOException, NoSuchAlgorithmException {
    return Map.of(
        "ROUSE_LISTEN",
        "127.0.0.1:" + port,
        "ROUSE_WORKSPACE",
        Files.createDirectory(work.resolve("workspace")).toString(),
        "ROUSE_JOURNAL",
        Files.createDirectory(work.resolve("journal")).toString(),
        "ROUSE_TICKET_KEY",
        Ticket.encodeKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic()),
        "ROUSE_SESSION_UID",
        "training",
        "ROUSE_GENERATION",
        "1");
  }

  private static void train(
      Path checkout, Path work, JavaProgram program, int port, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path cache = program.cache(checkout);
    if (Files.exists(cache)
        && Files.getLastModifiedTime(cache).compareTo(program.built(checkout)) > 0) {
      return;
    }
    Files.deleteIfExists(cache);
    ProcessBuilder builder =
        new ProcessBuilder(program.training(checkout))
            .redirectErrorStream(true)
            .redirectOutput(work.resolve(program.module() + ".log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      awaitHealth(process, port);
      // SIGTERM is a normal end: the JVM writes the cache on its way out.
      process.destroy();
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
        throw new IOException(
            program.module()
                + " made no cache: "
                + Files.readString(work.resolve(program.module() + ".log")));
      }
    } finally {
      process.destroyForcibly();
    }
    System.out.printf(
        "  %-8s %d MiB in %s%n",
        program.module(), Files.size(cache) >> 20, checkout.relativize(cache));
  }

  private static void awaitHealth(Process process, int port)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz")).build();
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
        try {
          if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
      }
    }
  }
}
