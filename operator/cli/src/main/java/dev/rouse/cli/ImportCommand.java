package dev.rouse.cli;

import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.SessionFileReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl rouse import}: a session out of a file. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Make a session out of a file of \"kubectl rouse export\". It rests, and goes on with the next",
      "message. The session appears when all of it is there; after a failure run the same again."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse import fix-the-bug.jsonl",
      "  kubectl rouse import fix-the-bug.jsonl --name fix-the-bug-2 -n team-b",
      "  gunzip -c bug.jsonl.gz | kubectl rouse import -"
    })
final class ImportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The file; - for standard input.")
  private String file = "";

  @Mixin private TargetOptions target;
  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!"-".equals(file)) {
      bring(Path.of(file));
      return CommandLine.ExitCode.OK;
    }
    // It is read twice: nothing is begun with a file that is not whole.
    Path kept = Files.createTempFile("rouse-import", ".jsonl");
    try {
      Files.copy(System.in, kept, StandardCopyOption.REPLACE_EXISTING);
      bring(kept);
    } finally {
      Files.deleteIfExists(kept);
    }
    return CommandLine.ExitCode.OK;
  }

  private void bring(Path path) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      SessionFileReader checked = check(path);
      FileHeader header = checked.header();
      Upload.Wish wish = target.wish(header);
      try (KubernetesClient client = kube.client();
          ServerClient connection = server.connect(client)) {
        Upload upload = Upload.begin(connection, header, wish, "import " + checked.hash());
        if (!upload.isComplete()) {
          try (InputStream in = Files.newInputStream(path)) {
            Meter meter = new Meter(spec.commandLine().getErr(), Clock.systemUTC(), "imported");
            upload.send(new SessionFileReader(in), header.head(), meter);
          }
          upload.end("import");
        }
        out.printf(
            upload.isComplete()
                ? "session %s holds this file already: %s%n"
                : "imported session %s: %s%n",
            wish.name(),
            upload.id());
        out.flush();
      }
    } catch (FileFault e) {
      throw new CliException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new CliException("there is no file " + file, e);
    }
  }

  private static SessionFileReader check(Path path) throws IOException, FileFault {
    try (InputStream in = Files.newInputStream(path)) {
      SessionFileReader reader = new SessionFileReader(in);
      while (reader.next().isPresent()) {
        // To its end: only then is it known to be whole.
      }
      return reader;
    }
  }
}
