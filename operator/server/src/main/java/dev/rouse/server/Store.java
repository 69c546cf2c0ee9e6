package dev.rouse.server;

import dev.rouse.log.LogSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the logs are kept. */
public sealed interface Store {

  /** In ConfigMaps beside their sessions. */
  record ConfigMaps() implements Store {}

  /** In an SQLite database. @param directory on a local volume */
  record Sqlite(Path directory) implements Store {}

  /**
   * In a PostgreSQL database.
   *
   * @param url for JDBC, without user and password
   * @param user the role
   * @param passwordFile the file with the role's password; null if it has none
   * @param connections how many this server opens at most, besides the one that listens
   */
  record Postgres(String url, String user, @Nullable Path passwordFile, int connections)
      implements Store {}

  /** What applies where nothing else is said. */
  default LogSettings limits() {
    return switch (this) {
      case ConfigMaps _ -> LogSettings.DEFAULTS;
      case Sqlite _, Postgres _ -> LogSettings.DATABASE;
    };
  }

  /** The value of {@code ROUSE_STORE}. */
  default String kind() {
    return switch (this) {
      case ConfigMaps _ -> "configmap";
      case Sqlite _ -> "sqlite";
      case Postgres _ -> "postgres";
    };
  }

  /** Whether a log stays when its Session object is gone, so that the server has to remove it. */
  default boolean outlivesSessions() {
    return switch (this) {
      case ConfigMaps _ -> false;
      case Sqlite _, Postgres _ -> true;
    };
  }

  /** The store that these settings name. */
  static Store of(Settings settings) {
    String name = settings.text("ROUSE_STORE", "configmap");
    return switch (name) {
      case "configmap" -> {
        refuse(settings, name, "ROUSE_STORE_PATH", "sqlite");
        refusePostgres(settings, name);
        yield new ConfigMaps();
      }
      case "sqlite" -> {
        refusePostgres(settings, name);
        yield new Sqlite(Path.of(need(settings, name, "ROUSE_STORE_PATH", "a directory")));
      }
      case "postgres" -> {
        refuse(settings, name, "ROUSE_STORE_PATH", "sqlite");
        yield postgres(settings, name);
      }
      default ->
          throw new IllegalArgumentException(
              "ROUSE_STORE must be configmap, sqlite or postgres, not " + name);
    };
  }

  private static Store postgres(Settings settings, String name) {
    String url = need(settings, name, "ROUSE_STORE_URL", "jdbc:postgresql://host:port/database");
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "ROUSE_STORE_URL must begin with jdbc:postgresql:, as in"
              + " jdbc:postgresql://host:port/database");
    }
    if (url.matches("(?i).*[?&](user|password|sslpassword)=.*")) {
      throw new IllegalArgumentException(
          "ROUSE_STORE_URL must not hold a user or a password: set ROUSE_STORE_USER, put the"
              + " password into a file, and name that in ROUSE_STORE_PASSWORD_FILE");
    }
    String file = settings.text("ROUSE_STORE_PASSWORD_FILE", "");
    return new Postgres(
        url,
        need(settings, name, "ROUSE_STORE_USER", "the role to connect as"),
        file.isEmpty() ? null : Path.of(file),
        settings.count("ROUSE_STORE_CONNECTIONS", 16, 2, 1000));
  }

  private static void refusePostgres(Settings settings, String name) {
    for (String key :
        List.of(
            "ROUSE_STORE_URL",
            "ROUSE_STORE_USER",
            "ROUSE_STORE_PASSWORD_FILE",
            "ROUSE_STORE_CONNECTIONS")) {
      refuse(settings, name, key, "postgres");
    }
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
