package dev.rouse.log.postgres.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server on a free port of this machine, with every fsync, in a directory of its
 * own; or the one that {@code ROUSE_TEST_POSTGRES_URL} names, whose role must be able to make roles
 * and databases, as in {@code jdbc:postgresql://db/postgres?user=admin&password=…}.
 *
 * <p>Its own default is not to wait for the disk ({@code synchronous_commit=off}): what relies on
 * more has to ask for it.
 */
public final class PostgresServer implements AutoCloseable {

  private static final String ADMIN = "admin";
  private static final String PASSWORD = "not-a-secret";
  private static final Duration START = Duration.ofSeconds(60);
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final @Nullable String given;
  private final @Nullable Programs programs;
  private final Path directory;
  private final int port;
  private final List<String> options;
  private @Nullable Process process;

  private PostgresServer(@Nullable String given, List<String> options) {
    try {
      this.given = given;
      this.options = options;
      this.directory = Files.createTempDirectory("rouse-postgres");
      this.programs = given == null ? Programs.find() : null;
      this.port = given == null ? freePort() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server that the environment names, or one of the test's own. */
  public static PostgresServer start() {
    String url = System.getenv("ROUSE_TEST_POSTGRES_URL");
    if (url == null || url.isEmpty()) {
      return startOwn();
    }
    return new PostgresServer(url, List.of());
  }

  /**
   * One of the test's own, whatever the environment names: it will be killed and stopped.
   *
   * @param options more of its settings, as in {@code max_connections=20}
   */
  public static PostgresServer startOwn(String... options) {
    PostgresServer server = new PostgresServer(null, List.of(options));
    server.init();
    server.launch();
    return server;
  }

  private Programs programs() {
    if (programs == null) {
      throw new IllegalStateException("this server is not ours to start and stop");
    }
    return programs;
  }

  private Path data() {
    return directory.resolve("data");
  }

  private void init() {
    try {
      Files.writeString(directory.resolve("password"), PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    programs().own(directory);
    Programs.run(
        programs()
            .command(
                "initdb",
                "--pgdata=" + data(),
                "--username=" + ADMIN,
                "--auth=scram-sha-256",
                "--pwfile=" + directory.resolve("password"),
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
  }

  /** Starts it again, and returns when it answers. */
  public void launch() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "synchronous_commit=off"));
    options.forEach(option -> arguments.addAll(List.of("-c", option)));
    try {
      process =
          new ProcessBuilder(programs().command("postgres", arguments.toArray(String[]::new)))
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("server.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  private void awaitReady() {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try (Connection connection = admin()) {
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end || !process().isAlive()) {
          throw new IllegalStateException("PostgreSQL did not start: " + log(), e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("server.log"));
    } catch (IOException e) {
      return "no log";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process process() {
    if (process == null) {
      throw new IllegalStateException("this server does not run, or is not ours");
    }
    return process;
  }

  /** A connection of its administrator. */
  public Connection admin() throws SQLException {
    return admin("postgres");
  }

  /** A connection of its administrator to a database. */
  Connection admin(String database) throws SQLException {
    return given == null
        ? DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/" + database, ADMIN, PASSWORD)
        : DriverManager.getConnection(given.replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1"));
  }

  /** Does something as the administrator. */
  public void execute(String statement) {
    try (Connection connection = admin();
        Statement execute = connection.createStatement()) {
      execute.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** A new database that belongs to a new role without any other rights. */
  public TestDatabase database() {
    String name = "rouse_" + ProcessHandle.current().pid() + "_" + NAMES.incrementAndGet();
    Path password = directory.resolve(name + ".password");
    try {
      Files.writeString(password, PASSWORD + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'");
    execute("CREATE DATABASE " + name + " OWNER " + name + " ENCODING 'UTF8' TEMPLATE template0");
    String url =
        given == null
            ? "jdbc:postgresql://127.0.0.1:" + port + "/" + name
            : given.replaceFirst("/[^/?]*(\\?.*|$)", "/" + name);
    return new TestDatabase(this, name, url, password);
  }

  /** Ends it as an administrator does: open connections are cut, what is written stays. */
  public void shutDown() {
    signal("-INT", process().pid());
    awaitEnd();
  }

  /** Ends it, and starts it again as a standby of nobody: it is read, and takes no writes. */
  public void restartAsStandby() {
    shutDown();
    try {
      Path signal = Files.createFile(data().resolve("standby.signal"));
      programs().own(signal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    launch();
  }

  /** Makes a primary of a standby. */
  public void promote() {
    execute("SELECT pg_promote(true)");
  }

  /** Ends it and all of its processes as a power failure does, but for the disk's cache. */
  public void kill() {
    List<ProcessHandle> all = new ArrayList<>(process().descendants().toList());
    process().destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    awaitEnd();
    all.forEach(it -> it.onExit().join());
  }

  /** Stops all of its processes where they are: connections stay, nobody answers. */
  public void freeze() {
    signal("-STOP", process().pid());
    process().descendants().forEach(it -> signal("-STOP", it.pid()));
  }

  /** Lets them go on. */
  public void thaw() {
    process().descendants().forEach(it -> signal("-CONT", it.pid()));
    signal("-CONT", process().pid());
  }

  private static void signal(String signal, long pid) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEnd() {
    try {
      if (!process().waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("PostgreSQL did not end: " + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      kill();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
