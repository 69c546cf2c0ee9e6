package dev.rouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.WireIds;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.portable.FileFault;
import dev.rouse.session.portable.FileHeader;
import dev.rouse.session.portable.SessionFileReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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

/**
 * {@code kubectl rouse move}: a session goes on in another place.
 *
 * <ol>
 *   <li>all records are brought to the target, where nobody sees them;
 *   <li>{@code rouse.moved} is appended at the source, at exactly the record that was copied last:
 *       from here on the source takes nothing. If there is more by then, the rest is copied first;
 *   <li>the target becomes a session.
 * </ol>
 *
 * A run that dies on the way is finished by running it again.
 */
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description = {
      "Move a session to another namespace or cluster. It must rest. Afterwards it goes on there, and",
      "here it takes no input any more and says where it is. After a failure run the same again."
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse move fix-the-bug --to-namespace team-b",
      "  kubectl rouse move fix-the-bug --to-context other-cluster",
      "  kubectl rouse move fix-the-bug --to-context other-cluster --to-server https://rouse.example",
      "  kubectl rouse move fix-the-bug --to-namespace team-a --to-server https://rouse-2.example"
    })
final class MoveCommand implements Callable<Integer> {

  /** How often a session may go on while it is copied. */
  private static final int ROUNDS = 5;

  @Parameters(paramLabel = "SESSION", description = "Name of the Session.")
  private String session = "";

  @Option(
      names = "--to-namespace",
      paramLabel = "NAME",
      description = "Where it is to go; else the namespace of its name.")
  private @Nullable String toNamespace;

  @Option(
      names = "--to-context",
      paramLabel = "NAME",
      description = "Context of the cluster where it is to go; else the same cluster.")
  private @Nullable String toContext;

  @Option(
      names = "--to-server",
      paramLabel = "URL",
      description =
          "Base URL of the target's server; else a port-forward to one of its pods, or, "
              + "in the same cluster, the server of --server.")
  private @Nullable URI toServer;

  @Option(
      names = "--to-server-ca",
      paramLabel = "FILE",
      description = "CA certificate (PEM) of the target's server, as --server-ca is for this one.")
  private @Nullable Path toServerCa;

  @Mixin private TargetOptions target;
  @Mixin private KubeOptions kube;
  @Mixin private ServerOptions server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (KubernetesClient client = kube.client();
        KubernetesClient there =
            kube.client(toContext, toNamespace, KubeOptions.namespaceOf(client))) {
      String id = WireIds.session(KubeOptions.session(client, session).getMetadata().getUid());
      String name = target.nameOf(session);
      boolean sameCluster = client.getMasterUrl().equals(there.getMasterUrl());
      if (sameCluster
          && KubeOptions.namespaceOf(client).equals(KubeOptions.namespaceOf(there))
          && name.equals(session)) {
        throw new CliException(
            "that is where it is: give --to-namespace, --to-context or --name of the target");
      }
      ObjectNode place = EventCodec.JSON.createObjectNode();
      place.put("namespace", KubeOptions.namespaceOf(there)).put("name", name);
      if (!sameCluster) {
        place.put("where", there.getMasterUrl().toString());
      }
      try (ServerClient source = server.connect(client);
          ServerClient sink = server.connect(there, toServer, toServerCa, sameCluster)) {
        move(source, id, sink, place);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void move(ServerClient source, String id, ServerClient sink, ObjectNode place)
      throws IOException, InterruptedException {
    if (!source.isIdle(id)) {
      throw new CliException(
          ("session %s does not rest: wait until it is idle, or stop it with \"kubectl rouse"
                  + " interrupt %s\", before it is moved")
              .formatted(session, session));
    }
    Path kept = Files.createTempFile("rouse-move", ".jsonl");
    try {
      Upload upload = copy(source, id, sink, kept, null);
      for (int round = 1; !upload.isComplete(); round++) {
        if (left(source, id, place, upload.head(), round)) {
          upload.end("move");
          break;
        }
        upload = copy(source, id, sink, kept, upload);
      }
      spec.commandLine()
          .getOut()
          .printf(
              "moved session %s to %s/%s: %s%n",
              session, place.path("namespace").asText(), place.path("name").asText(), upload.id());
      spec.commandLine().getOut().flush();
    } catch (FileFault e) {
      throw new CliException(
          "the server's answer is not a whole session: " + e.getMessage() + "; try again", e);
    } finally {
      Files.deleteIfExists(kept);
    }
  }

  /** Brings what the source has now; read to its end before any of it is used. */
  private Upload copy(
      ServerClient source, String id, ServerClient sink, Path kept, @Nullable Upload before)
      throws IOException, FileFault, InterruptedException {
    try (InputStream in = source.export(id)) {
      Files.copy(in, kept, StandardCopyOption.REPLACE_EXISTING);
    }
    FileHeader header;
    long last;
    try (InputStream in = Files.newInputStream(kept)) {
      SessionFileReader reader = new SessionFileReader(in);
      header = reader.header();
      last = last(reader);
    }
    Upload upload =
        before == null ? Upload.begin(sink, header, target.wish(header), "move " + id) : before;
    if (!upload.isComplete()) {
      try (InputStream in = Files.newInputStream(kept)) {
        Meter meter = new Meter(spec.commandLine().getErr(), Clock.systemUTC(), "moved");
        upload.send(new SessionFileReader(in), last, meter);
      }
    }
    return upload;
  }

  /** That it was moved is of the source alone: a run before may have said so. */
  private static long last(SessionFileReader reader) throws IOException, FileFault {
    long last = -1;
    for (Optional<SessionFileReader.Entry> next = reader.next();
        next.isPresent();
        next = reader.next()) {
      boolean moved =
          next.get().record().event() instanceof InternalEvent.Moved
              && next.get().record().seq() == reader.header().head();
      last = moved ? last : next.get().record().seq();
    }
    return last;
  }

  /** Whether the source has let the session go; false if it has gone on in between. */
  private static boolean left(
      ServerClient source, String id, ObjectNode place, long head, int round)
      throws InterruptedException {
    ObjectNode body = EventCodec.JSON.createObjectNode();
    body.put("head", head).set("target", place);
    try {
      source.copy("/" + id + "/move", Upload.bytes(body), null);
      return true;
    } catch (ServerClient.Conflict e) {
      if (round == ROUNDS) {
        throw e;
      }
      return false;
    }
  }
}
