package dev.rouse.images;

import dev.rouse.devcluster.launch.Trainee;
import dev.rouse.devcluster.launch.Training;
import dev.rouse.devcluster.process.Progress;
import dev.rouse.devcluster.tools.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ahead-of-time caches of the programs of a stage. They are trained on a dev cluster whose
 * operator, server, brain and hands are those of the stage, so this is also the proof that the
 * stage's runtime lacks nothing.
 */
final class Caches {

  private Caches() {}

  /**
   * Makes them, all of them, unless each is of what is staged now and the JVM takes it.
   *
   * @throws IOException if that cannot be done, or the JVM refuses one; the message says why
   */
  static void refresh(Stage stage, Path checkout, Progress progress)
      throws IOException, InterruptedException {
    if (!allHold(stage)) {
      train(stage, checkout, progress);
    }
    progress.step("the JVM takes all caches");
  }

  private static boolean allHold(Stage stage) throws IOException, InterruptedException {
    for (Program program : Program.values()) {
      if (!isOfStage(stage, program) || trainee(stage, program).refusal().isPresent()) {
        return false;
      }
    }
    return true;
  }

  private static void train(Stage stage, Path checkout, Progress progress)
      throws IOException, InterruptedException {
    List<Trainee> trainees = new ArrayList<>();
    for (Program program : Program.values()) {
      // Should this end half-way, no new cache goes with an old fingerprint.
      Files.deleteIfExists(kept(stage, program));
      trainees.add(trainee(stage, program));
    }
    Path directory = stage.directory().resolveSibling("training");
    new Training(checkout, directory, Tools.locate(System.getenv()), progress, trainees).run();
    for (Program program : Program.values()) {
      keep(stage, program);
    }
  }

  private static Trainee trainee(Stage stage, Program program) {
    return new Trainee(
        program.module(),
        stage.cache(program),
        (flags, arguments) ->
            Stream.concat(
                    stage.trial(program, flags.toArray(String[]::new)).stream(), arguments.stream())
                .toList());
  }

  /** Whether a program has a cache, made of what is staged now. */
  static boolean isOfStage(Stage stage, Program program) throws IOException {
    Path kept = kept(stage, program);
    return Files.exists(kept)
        && Files.exists(stage.cache(program))
        && Files.readString(kept).equals(stage.fingerprint(program));
  }

  /** Remembers what a cache was made of. */
  static void keep(Stage stage, Program program) throws IOException {
    Files.writeString(kept(stage, program), stage.fingerprint(program));
  }

  private static Path kept(Stage stage, Program program) {
    return stage.cache(program).resolveSibling("trained");
  }
}
