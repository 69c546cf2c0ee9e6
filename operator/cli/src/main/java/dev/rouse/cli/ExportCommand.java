package dev.rouse.cli;

import dev.rouse.api.WireIds;
import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.SessionFileReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse export}: a whole session as a file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write a whole session into a file: every record as it is stored, with a checksum.",
      "The session goes on; the file holds what there was when the export began. It holds all that",
      "was said and done, so treat it like the session itself."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse export fix-the-bug                        writes fix-the-bug.jsonl",
      "  kubectl rouse export fix-the-bug -o /backup/bug.jsonl",
      "  kubectl rouse export fix-the-bug -o - | gzip > bug.jsonl.gz"
    })
final class ExportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SESSION", description = "Name of the Session.")
  private String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; - for standard output. Else SESSION.jsonl here.")
  private @Nullable String output;

  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (KubernetesClient client = kube.client()) {
      String id = WireIds.session(KubeOptions.session(client, name).getMetadata().getUid());
      try (ServerClient connection = server.connect(client);
          InputStream file = connection.export(id)) {
        if ("-".equals(output)) {
          copy(file, new BufferedOutputStream(System.out));
        } else {
          save(file, Path.of(output == null ? name + ".jsonl" : output).toAbsolutePath());
        }
      }
    }
    return CommandLine.ExitCode.OK;
  }

  /** Under its name there is only ever a whole file. */
  private void save(InputStream file, Path target) throws IOException {
    if (output == null && Files.exists(target)) {
      throw new CliException(target + " is there already: say with -o where to write");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    long records;
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        records = copy(file, out);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    spec.commandLine().getOut().printf("exported %d records to %s%n", records, target);
    spec.commandLine().getOut().flush();
  }

  /** Copies the bytes while reading them as what they are to be, so that a cut one is noticed. */
  private long copy(InputStream file, OutputStream out) throws IOException {
    Meter meter = new Meter(spec.commandLine().getErr(), Clock.systemUTC(), "exported");
    try {
      SessionFileReader reader = new SessionFileReader(new Tee(file, out));
      long last = reader.header().head();
      for (Optional<SessionFileReader.Entry> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        meter.at(next.get().record().seq() + 1, last + 1);
      }
      out.flush();
      return last + 1;
    } catch (FileFault e) {
      throw new CliException(
          "the server's answer is not a whole session: " + e.getMessage() + "; try again", e);
    }
  }

  /** What is read is written, too. */
  private static final class Tee extends FilterInputStream {
    private final OutputStream out;

    Tee(InputStream in, OutputStream out) {
      super(in);
      this.out = out;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next >= 0) {
        out.write(next);
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      if (count > 0) {
        out.write(bytes, from, count);
      }
      return count;
    }
  }
}
