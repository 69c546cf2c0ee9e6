package dev.rouse.devcluster.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A launcher of one stubborn child, to be killed: writes the child's number and waits. */
final class LifelineProbe {

  private LifelineProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Child child =
        Child.start(
            new ProcessSpec(
                "stubborn",
                List.of("sh", "-c", "trap '' TERM; sleep 300 & while :; do sleep 300; done"),
                Run.create(directory)));
    Path file = directory.resolve("pid.next");
    Files.writeString(file, Long.toString(child.pid()));
    Files.move(file, directory.resolve("pid"));
    new CountDownLatch(1).await();
  }
}
