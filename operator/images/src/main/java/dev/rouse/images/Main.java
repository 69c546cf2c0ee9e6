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
    Path work = work(checkout);
    Progress progress = Progress.timed(System.out, InstantSource.system());
    Stage stage = stage(checkout);
    stage.fill(checkout);
    progress.step("staged");
    Caches.refresh(stage, checkout, progress);
    ImageBuild build = new ImageBuild(stage, revision, created, work.resolve("layers"), insecure);
    List<String> table = new ArrayList<>();
    for (Program program : Program.values()) {
      String on = program == Program.HANDS ? handsBase : base;
      if (registry.isEmpty()) {
        Path tar = tar(checkout, stage, program);
        Files.createDirectories(tar.getParent());
        Written written = build.tar(program, on, tar);
        String size = "%4d MB".formatted(Files.size(tar) / 1_000_000);
        table.add(row(written.name(), size, written.id()));
      } else {
        Written written = build.push(program, on, registry);
        table.add(row(written.name(), "pushed", written.digest()));
      }
    }
    progress.step("images written");
    System.out.println();
    System.out.println(row("image", "tar", "digest"));
    table.forEach(System.out::println);
    return 0;
  }

  private static String row(String name, String size, String digest) {
    return "%-34s %7s  %s".formatted(name, size, digest);
  }

  /** Where this module leaves what it makes on the way. */
  static Path work(Path checkout) {
    return checkout.resolve("operator").resolve("images").resolve("target");
  }

  static Stage stage(Path checkout) {
    return new Stage(work(checkout).resolve("stage"));
  }

  /** Where the image of a program is written to. */
  static Path tar(Path checkout, Stage stage, Program program) throws IOException {
    return checkout
        .resolve("target")
        .resolve("images")
        .resolve("rouse-%s-%s.tar".formatted(program.title(), stage.version()));
  }
}
