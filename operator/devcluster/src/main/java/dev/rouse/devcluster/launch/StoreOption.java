package dev.rouse.devcluster.launch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the server of a dev cluster keeps the logs. */
public final class StoreOption {

  /** As {@code ROUSE_STORE} calls them. */
  enum Kind {
    CONFIGMAP,
    SQLITE,
    POSTGRES
  }

  private static final String URL = "ROUSE_STORE_URL";

  @Option(
      names = "--store",
      paramLabel = "NAME",
      description = {
        "Where the server keeps session logs: configmap, sqlite (a file of this run), or postgres,",
        "which takes ROUSE_STORE_URL, ROUSE_STORE_USER and ROUSE_STORE_PASSWORD_FILE from the",
        "environment. Default: configmap."
      })
  private Kind kind = Kind.CONFIGMAP;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The same dev cluster with the chosen store. */
  public LauncherConfig in(LauncherConfig config) {
    Map<String, String> store = settings(config.directory(), System.getenv());
    return config.adjusted((component, settings) -> {
      if (!"server".equals(component)) {
        return settings;
      }
      Map<String, String> all = new HashMap<>(settings);
      all.putAll(store);
      return all;
    });
  }

  /** What the server is told. */
  Map<String, String> settings(Path directory, Map<String, String> environment) {
    return switch (kind) {
      case CONFIGMAP -> Map.of();
      case SQLITE ->
          Map.of(
              "ROUSE_STORE", "sqlite", "ROUSE_STORE_PATH", directory.resolve("store").toString());
      case POSTGRES -> {
        if (environment.getOrDefault(URL, "").isBlank()) {
          throw new CommandLine.ParameterException(
              spec.commandLine(),
              "--store=postgres needs "
                  + URL
                  + " in the environment, as jdbc:postgresql://HOST/DATABASE; see docs/stores.md");
        }
        Map<String, String> settings = new TreeMap<>(Map.of("ROUSE_STORE", "postgres"));
        environment.forEach((name, value) -> {
          if (name.startsWith("ROUSE_STORE_")) {
            settings.put(name, value);
          }
        });
        yield settings;
      }
    };
  }
}
