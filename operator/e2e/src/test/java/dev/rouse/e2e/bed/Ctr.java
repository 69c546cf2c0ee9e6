package dev.rouse.e2e.bed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node's containerd, by its own command line. */
public record Ctr(Path socket) {

  private static final Duration IMPORT = Duration.ofMinutes(5);

  /** Gives the node an image. */
  void load(ImageArchive image) throws IOException, InterruptedException {
    command("images", "import", image.file().toString()).within(IMPORT).run();
  }

  /** Gives an image that is there, by a part of its name, one name more. */
  public void tag(String part, String name) throws IOException, InterruptedException {
    command("images", "tag", image(part), name).run();
  }

  /** The name of the image with {@code part} in its name. */
  public String image(String part) throws IOException, InterruptedException {
    return images().stream()
        .filter(it -> it.contains(part))
        .findFirst()
        .orElseThrow(() -> new IOException("no image with " + part + " in its name"));
  }

  /** The names of its images. */
  public List<String> images() throws IOException, InterruptedException {
    return command("images", "list", "--quiet").run().lines().toList();
  }

  /** The processes of its containers, by the containers' ids; without those that have ended. */
  public Map<String, Long> tasks() throws IOException, InterruptedException {
    Map<String, Long> tasks = new LinkedHashMap<>();
    for (String line : command("tasks", "list").run().lines().skip(1).toList()) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length >= 3 && !fields[2].equals("STOPPED")) {
        tasks.put(fields[0], Long.valueOf(fields[1]));
      }
    }
    return tasks;
  }

  private Command command(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("ctr", "--address", socket.toString(), "--namespace", "k8s.io"));
    all.addAll(List.of(arguments));
    return Command.of(all);
  }
}
