package dev.rouse.devcluster.model;

import dev.rouse.devcluster.model.script.ScriptException;
import dev.rouse.devcluster.model.stage.IdSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The scripted model as a program. Its first line of output is the URL it listens at. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description =
        "Serves scripted models over the Anthropic Messages and the OpenAI chat protocol.")
public final class Main implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--scripts",
      required = true,
      paramLabel = "DIR",
      description = "Directory of scripts; <model>.yaml plays the model <model>.")
  private Path scripts;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description = "Where to listen; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private String listen;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Keeps calls, faults and fingerprints in FILE, so that a restarted model goes on.")
  private @Nullable Path record;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Accepts only the API key in FILE; without it, any.")
  private @Nullable Path keyFile;

  public static void main(String[] args) {
    // The events of a stream are small writes: Nagle's algorithm would hold each for 40 ms. The
    // JDK's server reads this property once, when its first class is loaded.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ModelServer server;
    try {
      var settings = new ModelServer.Settings(scripts, address(), record, key());
      server = ModelServer.start(settings, Clock.systemUTC(), IdSource.random());
    } catch (ScriptException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("cannot start: " + e);
      return CommandLine.ExitCode.SOFTWARE;
    }
    try (server) {
      spec.commandLine().getOut().println(server.url());
      spec.commandLine().getOut().flush();
      // Serves until the process is ended from outside; a record file needs no orderly end.
      new CountDownLatch(1).await();
    }
    return CommandLine.ExitCode.OK;
  }

  private @Nullable String key() throws IOException {
    if (keyFile == null) {
      return null;
    }
    String key = Files.readString(keyFile).strip();
    if (key.isEmpty()) {
      throw new IOException("--key-file %s is empty".formatted(keyFile));
    }
    return key;
  }

  private InetSocketAddress address() {
    int colon = listen.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          listen.substring(0, Math.max(0, colon)), Integer.parseInt(listen.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--listen must be HOST:PORT, not '%s'".formatted(listen), e);
    }
  }
}
