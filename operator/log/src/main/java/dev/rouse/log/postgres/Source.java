package dev.rouse.log.postgres;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Makes connections. The password is read for each, so that it can be changed while we run. What
 * the URL says goes before what is said here.
 */
final class Source implements DataSource {

  /** What is not set on the server's word: its defaults may be what suits others. */
  private static final String SESSION =
      """
      SELECT set_config('statement_timeout', '%d', false),
             set_config('default_transaction_isolation', 'read committed', false)
      """;

  private final Driver driver = new Driver();
  private final PostgresSettings settings;
  private final Properties properties = new Properties();

  /** Makes one. @param serverType which servers of the URL will do: {@code primary} or any */
  Source(PostgresSettings settings, String serverType) {
    this.settings = settings;
    String connect = Long.toString(settings.patience().connect().toSeconds());
    set(PGProperty.USER, settings.user());
    set(PGProperty.APPLICATION_NAME, "rouse");
    set(PGProperty.TARGET_SERVER_TYPE, serverType);
    set(PGProperty.CONNECT_TIMEOUT, connect);
    set(PGProperty.LOGIN_TIMEOUT, connect);
    set(PGProperty.SOCKET_TIMEOUT, Long.toString(settings.patience().answer().toSeconds()));
    set(PGProperty.TCP_KEEP_ALIVE, "true");
  }

  private void set(PGProperty property, String value) {
    properties.setProperty(property.getName(), value);
  }

  /** The same with as many seconds until an answer is given up. */
  Source withAnswerIn(long seconds) {
    Source other = new Source(settings, properties.getProperty("targetServerType"));
    other.set(PGProperty.SOCKET_TIMEOUT, Long.toString(seconds));
    return other;
  }

  /** What is sent once on each connection that serves appends and reads. */
  String session() {
    return SESSION.formatted(settings.patience().statement().toMillis());
  }

  @Override
  public Connection getConnection() throws SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    Path file = settings.passwordFile();
    if (file != null) {
      all.setProperty(PGProperty.PASSWORD.getName(), password(file));
    }
    Connection connection = driver.connect(settings.url(), all);
    if (connection == null) {
      throw new SQLException("the driver does not take " + settings.where(), "08001");
    }
    return connection;
  }

  private static String password(Path file) throws SQLException {
    String password;
    try {
      password = Files.readString(file).strip();
    } catch (IOException e) {
      throw new SQLException("the password file " + file + " cannot be read", "28P01", e);
    }
    if (password.isEmpty()) {
      throw new SQLException("the password file " + file + " is empty", "28P01");
    }
    return password;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("who connects is in the settings");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return (int) settings.patience().connect().toSeconds();
  }

  @Override
  public Logger getParentLogger() {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
