package dev.rouse.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A checkout with programs that are built, and a stage beside it whose runtime is a stand-in. */
final class Checkout {

  private final Path root;

  private Checkout(Path root) {
    this.root = root;
  }

  static Checkout in(Path directory) throws IOException {
    Checkout checkout = new Checkout(directory.resolve("checkout"));
    for (Program program : Program.values()) {
      checkout.jar(program, "rouse-%s-1.2.jar".formatted(program.module()), "program");
      checkout.jar(program, "rouse-%s-1.2-tests.jar".formatted(program.module()), "tests");
      checkout.jar(program, "lib/rouse-session-1.2.jar", "session");
      checkout.jar(program, "lib/jackson-core-2.jar", "jackson");
    }
    return checkout;
  }

  Path root() {
    return root;
  }

  void jar(Program program, String name, String content) throws IOException {
    Path file = root.resolve("operator").resolve(program.module()).resolve("target").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A stage filled from it, with caches. */
  Stage staged() throws IOException, InterruptedException {
    Stage stage = new Stage(root.resolveSibling("stage"));
    Path java = stage.runtime().java();
    Files.createDirectories(java.getParent());
    Files.writeString(java, "java");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(stage.runtime().home().resolve("release"), "25");
    // As if it had been linked: that takes a while, and these tests look at other things.
    Files.writeString(stage.directory().resolve("runtime.identity"), JavaRuntime.identity());
    stage.fill(root);
    for (Program program : Program.values()) {
      Files.writeString(stage.cache(program), "cache of " + program);
    }
    return stage;
  }
}
