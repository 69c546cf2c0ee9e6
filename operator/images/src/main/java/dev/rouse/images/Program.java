package dev.rouse.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A program that has an image. */
enum Program {
  OPERATOR(
      "controller",
      "dev.rouse.controller.Main",
      "Makes and removes the pods of agent sessions.",
      Memory.FOLLOWS_LIMIT),
  SERVER(
      "server", "dev.rouse.server.Main", "Keeps the logs of agent sessions.", Memory.FOLLOWS_LIMIT),
  BRAIN("harness", "dev.rouse.harness.Main", "Runs the turns of one session.", Memory.UP_TO_128),
  HANDS(
      "hands",
      "dev.rouse.hands.Main",
      "The tools of one session, and a system for them to work in.",
      Memory.UP_TO_64);

  /** How much of it the JVM takes. */
  private enum Memory {
    /** Half of the container's limit is heap: who sets the limit need not set the heap besides. */
    FOLLOWS_LIMIT("-XX:MaxRAMPercentage=50"),
    UP_TO_128("-Xmx128m", "-Xms16m"),
    /**
     * Compiles only what runs often, and inlines less: the most that the compiler needs at once for
     * itself stays with the process, and its time is lost.
     */
    UP_TO_64("-Xmx64m", "-Xms8m", "-XX:CompileThresholdScaling=5", "-XX:C1MaxInlineSize=20");

    private final List<String> flags;

    Memory(String... flags) {
      this.flags = List.of(flags);
    }
  }

  /**
   * Maps the cache where it was made for, instead of at a random address: then most of its pages
   * stay those of the file, which all pods of a node share.
   */
  private static final List<String> SHARE_CACHE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

  private final String module;
  private final String main;
  private final String description;
  private final Memory memory;

  Program(String module, String main, String description, Memory memory) {
    this.module = module;
    this.main = main;
    this.description = description;
    this.memory = memory;
  }

  /** What its image is called, below {@code rouse/}. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The directory of its module, below {@code operator/}. */
  String module() {
    return module;
  }

  String main() {
    return main;
  }

  /** One sentence, for the image's label. */
  String description() {
    return description;
  }

  /**
   * How the JVM is started: small and quick, as on the dev cluster. A cache holds only for the
   * flags that it was made with.
   */
  List<String> flags() {
    List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    flags.addAll(memory.flags);
    if (memory != Memory.FOLLOWS_LIMIT) {
      // There is one of these for each session.
      flags.addAll(SHARE_CACHE);
    }
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.add("--sun-misc-unsafe-memory-access=allow");
    return flags;
  }

  /** What a limit of half a gibibyte does to the heap, for starts where there is no limit. */
  List<String> limited() {
    return memory == Memory.FOLLOWS_LIMIT ? List.of("-Xmx256m") : List.of();
  }
}
