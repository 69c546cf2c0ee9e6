package dev.rouse.images;

import dev.rouse.devcluster.process.Progress;
import dev.rouse.images.ImageBuild.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the images of operator, server, brain and hands. */
@Command(
    name = "rouse-images",
    mixinStandardHelpOptions = true,
    description = {
      "Make container images of what 'make build' built: tars for 'ctr images import' and 'docker load',",
      "or, with --push, images in a registry."
    })
public final class Main implements Callable<Integer> {

  @Option(names = "--root", description = "The checkout. Default: the current directory.")
  private Path root = Path.of("");

  @Option(
      names = "--base",
      required = true,
      description =
          "What operator, server and brain stand on: a glibc; an image's name or tar://PATH.")
  private String base;

  @Option(
      names = "--hands-base",
      required = true,
      description = "What the hands stand on: the system that agents work in. It needs bash.")
  private String handsBase;

  @Option(names = "--revision", description = "The commit, for the label.")
  private String revision = "";

  @Option(names = "--created", description = "The images' time. Default: the same for all.")
  private Instant created = Stage.FILE_TIME;

  @Option(names = "--push", paramLabel = "REGISTRY", description = "Push them there instead.")
  private String registry = "";

  @Option(names = "--insecure", description = "The registry may do without TLS.")
  private boolean insecure;

  private Main() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.registerConverter(Instant.class, text -> OffsetDateTime.parse(text).toInstant());
    line.setExecutionExceptionHandler((e, command, _) -> {
      command.getErr().println("rouse-images: " + e.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path checkout = root.toAbsolutePath().normalize();
    Path work = checkout.resolve("operator").resolve("images").resolve("target");
    Progress progress = Progress.timed(System.out, InstantSource.system());
    Stage stage = new Stage(work.resolve("stage"));
    stage.fill(checkout);
    progress.step("staged");
    Training.refresh(stage, checkout, progress);
    Path output = Files.createDirectories(checkout.resolve("target").resolve("images"));
    ImageBuild build = new ImageBuild(stage, revision, created, work.resolve("layers"), insecure);
    List<String> table = new ArrayList<>();
    for (Program program : Program.values()) {
      String on = program == Program.HANDS ? handsBase : base;
      if (registry.isEmpty()) {
        Path tar = output.resolve("rouse-%s-%s.tar".formatted(program.title(), stage.version()));
        Written written = build.tar(program, on, tar);
        String size = "%4d MB".formatted(Files.size(tar) / 1_000_000);
        table.add(row(written.name(), size, written.id(), start(stage, program)));
      } else {
        Written written = build.push(program, on, registry);
        table.add(row(written.name(), "pushed", written.digest(), start(stage, program)));
      }
    }
    progress.step("images written");
    System.out.println();
    System.out.println(row("image", "tar", "digest", "start (and without its cache)"));
    table.forEach(System.out::println);
    return 0;
  }

  private static String row(String name, String size, String digest, String start) {
    return "%-34s %7s  %-71s  %s".formatted(name, size, digest, start);
  }

  private static String start(Stage stage, Program program) throws IOException {
    return Trained.find(stage, program)
        .map(it -> "%.2f s (%.2f s)".formatted(it.startMillis() / 1e3, it.plainMillis() / 1e3))
        .orElse("");
  }
}
