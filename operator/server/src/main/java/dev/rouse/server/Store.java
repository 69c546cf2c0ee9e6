package dev.rouse.server;

import dev.rouse.log.LogSettings;
import java.nio.file.Path;

/** Where the logs are kept. */
public sealed interface Store {

  /** In ConfigMaps beside their sessions. */
  record ConfigMaps() implements Store {}

  /** In an SQLite database. @param directory on a local volume */
  record Sqlite(Path directory) implements Store {}

  /** What applies where nothing else is said. */
  default LogSettings limits() {
    return switch (this) {
      case ConfigMaps _ -> LogSettings.DEFAULTS;
      case Sqlite _ -> LogSettings.DATABASE;
    };
  }

  /** Whether a log stays when its Session object is gone, so that the server has to remove it. */
  default boolean outlivesSessions() {
    return switch (this) {
      case ConfigMaps _ -> false;
      case Sqlite _ -> true;
    };
  }

  /** The store that these settings name. */
  static Store of(Settings settings) {
    String name = settings.text("ROUSE_STORE", "configmap");
    return switch (name) {
      case "configmap" -> {
        refuse(settings, name, "ROUSE_STORE_PATH", "sqlite");
        yield new ConfigMaps();
      }
      case "sqlite" -> new Sqlite(Path.of(need(settings, name, "ROUSE_STORE_PATH", "a directory")));
      case "postgres" ->
          throw new IllegalArgumentException(
              "ROUSE_STORE=postgres is not available yet: use configmap or sqlite");
      default ->
          throw new IllegalArgumentException(
              "ROUSE_STORE must be configmap or sqlite, not " + name);
    };
  }

  private static void refuse(Settings settings, String name, String key, String other) {
    if (!settings.text(key, "").isEmpty()) {
      throw new IllegalArgumentException(
          key + " is set, but ROUSE_STORE is " + name + ": unset it, or set ROUSE_STORE=" + other);
    }
  }

  private static String need(Settings settings, String name, String key, String what) {
    String value = settings.text(key, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          key + " must be set for ROUSE_STORE=" + name + ": " + what);
    }
    return value;
  }
}
