package dev.rouse.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * A session is made out of another one's records. Who asks does as people do: the same command
 * again, until it succeeds.
 */
record Copying(
    WorkSession source, String name, Subject subject, List<String> command, List<Path> files)
    implements Errand {

  private static final String MORE = "and now?";

  static Copying fork(Namespace namespace, String title) {
    WorkSession source = source(namespace, title);
    return of(source, "fork", source.name(), List.of());
  }

  static Copying importing(Namespace namespace, String title) {
    WorkSession source = source(namespace, title);
    try {
      Path file = Files.createTempFile(title, ".jsonl");
      rouse(namespace, "export", source.name(), "-n", namespace.name(), "-o", file.toString());
      return of(source, "import", file.toString(), List.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Copying of(WorkSession source, String verb, String of, List<Path> files) {
    String name = source.name() + "-copy";
    return new Copying(
        source,
        name,
        Subject.named(name),
        List.of(verb, of, "--name", name, "-n", source.namespace().name()),
        files);
  }

  private static WorkSession source(Namespace namespace, String name) {
    WorkSession source = namespace.work(name, "listener", name);
    source.awaitRest();
    source.awaitNoPods();
    return source;
  }

  private static void rouse(Namespace namespace, String... arguments) {
    RouseCommand.of(namespace.cluster()).run(RouseCommand.as(namespace, "approver"), arguments);
  }

  @Override
  public CompletableFuture<?> ask(Executor threads, BooleanSupplier reached) {
    Namespace namespace = source.namespace();
    RouseCommand rouse = RouseCommand.of(namespace.cluster());
    return CompletableFuture.runAsync(
        () ->
            await(String.join(" ", command))
                .atMost(WorkSession.PATIENCE.multipliedBy(2))
                .pollDelay(Duration.ZERO)
                .until(() ->
                    rouse
                            .tryRun(
                                RouseCommand.as(namespace, "approver"),
                                command.toArray(String[]::new))
                            .exit()
                        == 0),
        threads);
  }

  @Override
  public void judge() {
    WorkSession copy = source.namespace().existing(name);
    copy.awaitRest();
    copy.say("more", MORE);
    Evidence.awaitHeard(copy, MORE);
    List<LogRecord> taken = source.log();
    assertThat(copy.log().subList(0, taken.size()))
        .as("records that were taken over")
        .containsExactlyElementsOf(taken);
    assertThat(copy.log())
        .filteredOn(record -> record.event() instanceof InternalEvent.Origin)
        .as("origins")
        .hasSize(1);
    assertThat(Evidence.heard(copy.log())).containsExactly(source.name(), MORE);
    assertThat(Evidence.heard(source.log())).containsExactly(source.name());
  }

  @Override
  public void close() {
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
