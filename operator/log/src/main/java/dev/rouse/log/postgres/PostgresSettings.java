package dev.rouse.log.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How logs are kept in PostgreSQL.
 *
 * @param url for JDBC, without user and password; its {@code currentSchema} is where the tables are
 * @param user the role to connect as
 * @param passwordFile the file with its password, read for each new connection; null if none is
 *     sent
 * @param connections at the same time, besides the one that listens
 * @param maxCommitBytes the largest commit in bytes of JSON; PostgreSQL holds a little more
 * @param patience how long the database is waited for
 */
public record PostgresSettings(
    String url,
    String user,
    @Nullable Path passwordFile,
    int connections,
    int maxCommitBytes,
    Patience patience) {

  /** What PostgreSQL takes in one row is 1 GiB; the same as in SQLite, and a little below. */
  private static final int MAX_ROW = 1_000_000_000;

  private static final String SCHEMA = "rouse";
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,49}");

  /**
   * How long the database is waited for, so that nothing waits for ever.
   *
   * @param connect to connect, or for a connection to be free
   * @param statement what a statement may take in the database before it undoes it
   * @param answer how long an answer may be out before the connection is given up; longer than
   *     {@code statement}, so that it is the database that says what became of it
   */
  public record Patience(Duration connect, Duration statement, Duration answer) {

    /** The usual. */
    public static final Patience DEFAULTS =
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));

    public Patience {
      if (connect.toSeconds() < 1
          || statement.toMillis() < 1
          || answer.toSeconds() < 1
          || answer.compareTo(statement) <= 0) {
        throw new IllegalArgumentException(
            "PostgreSQL store: need connect >= 1 s, answer >= 1 s and answer > statement");
      }
    }
  }

  public PostgresSettings {
    if (connections < 2 || maxCommitBytes < 1 || maxCommitBytes > MAX_ROW) {
      throw new IllegalArgumentException(
          "PostgreSQL store: need connections >= 2 and 1 <= maxCommitBytes <= 1000000000");
    }
    if (parse(url) == null) {
      throw new IllegalArgumentException(
          "the URL of the PostgreSQL store is not understood: it must be as in"
              + " jdbc:postgresql://host:port/database?sslmode=verify-full");
    }
  }

  /** The usual settings for this database. */
  public static PostgresSettings of(String url, String user, @Nullable Path passwordFile) {
    return new PostgresSettings(url, user, passwordFile, 16, MAX_ROW, Patience.DEFAULTS);
  }

  /** The same with so many connections. */
  public PostgresSettings withConnections(int count) {
    return new PostgresSettings(url, user, passwordFile, count, maxCommitBytes, patience);
  }

  /** The same with commits of at most so many bytes. */
  PostgresSettings withMaxCommitBytes(int bytes) {
    return new PostgresSettings(url, user, passwordFile, connections, bytes, patience);
  }

  /** The same with another patience. */
  PostgresSettings withPatience(Patience other) {
    return new PostgresSettings(url, user, passwordFile, connections, maxCommitBytes, other);
  }

  /** Where the tables are. */
  String schema() {
    String schema =
        Optional.ofNullable(parse(url))
            .map(properties -> properties.getProperty(PGProperty.CURRENT_SCHEMA.getName()))
            .orElse(SCHEMA);
    if (!NAME.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "currentSchema of the PostgreSQL store must be one name of small letters, digits and _,"
              + " at most 50, not "
              + schema.toLowerCase(Locale.ROOT));
    }
    return schema;
  }

  /** Where the database is, for messages: host, port and name. */
  String where() {
    Properties properties = Optional.ofNullable(parse(url)).orElseGet(Properties::new);
    return PGProperty.PG_DBNAME.getOrDefault(properties)
        + " at "
        + PGProperty.PG_HOST.getOrDefault(properties)
        + ":"
        + PGProperty.PG_PORT.getOrDefault(properties);
  }

  private static @Nullable Properties parse(String url) {
    return Driver.parseURL(url, null);
  }
}
