package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.AppendResult;
import dev.rouse.log.Commit;
import dev.rouse.log.Given;
import dev.rouse.log.LogCorrupt;
import dev.rouse.log.LogKey;
import dev.rouse.log.LogStore;
import dev.rouse.log.LogStoreContract;
import dev.rouse.log.LogTooLarge;
import dev.rouse.log.LogUnavailable;
import dev.rouse.log.postgres.server.PostgresServer;
import dev.rouse.log.postgres.server.TestDatabase;
import dev.rouse.log.sql.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers over one real database. */
class PostgresLogStoreIT extends LogStoreContract {

  private static final int ALL = Integer.MAX_VALUE;

  private static PostgresServer server;
  private static TestDatabase database;
  private static PostgresLogStore store;
  private static PostgresLogStore other;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
    database = server.database();
    store = PostgresLogStore.open(settings());
    other = PostgresLogStore.open(settings());
  }

  @AfterAll
  static void stop() {
    store.close();
    other.close();
    server.close();
  }

  private static PostgresSettings settings() {
    return PostgresSettings.of(database.url(), database.user(), database.passwordFile());
  }

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogStore otherStore() {
    return other;
  }

  @Override
  protected LogKey newKey() {
    return Given.key("default");
  }

  @Override
  protected void damage(LogKey key) {
    database.execute(
        "UPDATE rouse.commits SET body = 'x' WHERE first = 2 AND uid = '" + key.sessionUid() + "'");
  }

  private static List<Commit> fill(LogKey key, int count, int size) {
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Commit commit = Given.commit(i - 1, "a" + i, Given.answer(Given.noise(size, i)));
      store.append(key, i - 1, commit);
      commits.add(commit);
    }
    return commits;
  }

  private static void change(String statement, LogKey key) {
    database.execute(statement + " AND uid = '" + key.sessionUid() + "'");
  }

  @Test
  void aPageIsBoundedByItsBytes() {
    // Given
    LogKey key = newKey();
    fill(key, 12, 350_000);

    // When
    Page page = connections(connections -> new CommitPages(key, connections, "rouse", ALL).load(0));

    // Then
    assertThat(page.rows()).hasSize(2);
    assertThat(page.more()).isTrue();
    assertThat(store.read(key, 0, ALL)).hasSize(12);
  }

  private static <T> T connections(Function<Connections, T> use) {
    try (Connections connections = new Connections(settings())) {
      return use.apply(connections);
    }
  }

  @Test
  void peopleReadTheirLogsWithSql() {
    // Given
    LogKey key = newKey();

    // When
    store.append(key, -1, Given.commit(-1, "a", Given.message("an “ö” and more")));

    // Then
    assertThat(
            database.query(
                "SELECT namespace || '/' || session_name FROM rouse.logs WHERE uid = '"
                    + key.sessionUid()
                    + "'",
                String.class))
        .isEqualTo(key.namespace() + "/" + key.sessionName());
    assertThat(
            database.query(
                "SELECT body::json -> 'records' -> 0 -> 'event' ->> 'type' FROM rouse.commits"
                    + " WHERE uid = '"
                    + key.sessionUid()
                    + "'",
                String.class))
        .isEqualTo("user.message");
    assertThat(
            database.query(
                "SELECT octet_length(body)::bigint FROM rouse.commits WHERE uid = '"
                    + key.sessionUid()
                    + "'",
                Long.class))
        .isEqualTo(store.head(key).bytes());
  }

  @Test
  void textThatDatabasesDoNotLikeComesBackAsItWas() throws Exception {
    // Given
    LogKey key = newKey();
    Commit commit =
        Given.commit(
            -1,
            "it's \\ \u0000",
            Given.message("\u0000 ' \" \\ \u2028 \ud83d\ude00 \u0007 %s ? $1"));

    // When
    store.append(key, -1, commit);

    // Then
    assertThat(json(other.read(key, 0, ALL).toList())).isEqualTo(json(List.of(commit)));
  }

  @Test
  void whatTheServerHasAsDefaultAnAppendIsOnTheDiskWhenItIsAnswered() {
    // Given a server that would not wait, and a trigger that tells how each COMMIT is made
    database.execute(
        """
        CREATE TABLE public.made (how text);
        GRANT INSERT ON public.made TO PUBLIC;
        CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO public.made VALUES (current_setting('synchronous_commit')); RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER tell AFTER INSERT OR UPDATE ON rouse.logs
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell();
        """);
    LogKey key = newKey();

    // When
    fill(key, 3, 10);
    store.delete(key);
    database.execute("DROP TRIGGER tell ON rouse.logs");

    // Then
    assertThat(database.query("SHOW synchronous_commit", String.class)).isEqualTo("off");
    assertThat(database.query("SELECT string_agg(how, ' ') FROM public.made", String.class))
        .isEqualTo("on on on on");
  }

  @Test
  void aCommitThatIsMoreThanARowHoldsIsRefusedAndNothingIsLost() {
    // Given
    try (PostgresLogStore small = PostgresLogStore.open(settings().withMaxCommitBytes(100_000))) {
      LogKey key = newKey();
      small.append(key, -1, Given.commit(-1, "a", Given.message("small")));
      Commit large = Given.commit(0, "large", Given.answer(Given.noise(200_000, 1)));

      // When
      assertThatThrownBy(() -> small.append(key, 0, large))
          .isInstanceOf(LogTooLarge.class)
          .hasMessageContaining(key.sessionUid())
          .hasMessageContaining("bytes");

      // Then
      assertThat(small.append(key, 0, Given.commit(0, "b", Given.message("small"))))
          .isInstanceOf(AppendResult.Stored.class);
    }
  }

  @Test
  void aCommitOfFortyMegabytesComesBackByteForByte() throws Exception {
    // Given
    LogKey key = newKey();
    Commit large =
        Given.commit(-1, "large", Given.result("sevt_1", Given.noise(40 * 1024 * 1024, 1)));

    // When
    store.append(key, -1, large);

    // Then
    assertThat(json(other.read(key, 0, ALL).toList())).isEqualTo(json(List.of(large)));
    store.delete(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE FROM rouse.commits WHERE first = 2 | record 2 is missing",
        "DELETE FROM rouse.commits WHERE first = 0 | record 0 is missing",
        "DELETE FROM rouse.commits WHERE first = 4 | record 4 is missing",
        "DELETE FROM rouse.commits WHERE true | record 0 is missing",
        "UPDATE rouse.commits SET body = 'x' WHERE first = 1 | records 1 to 1 is not a commit",
        "UPDATE rouse.commits SET last = 3 WHERE first = 2 | records 2 to 3 holds others",
        "UPDATE rouse.logs SET head = 3 WHERE true | holds record 4 though it ends at 3",
        "UPDATE rouse.logs SET head = 7 WHERE true | record 5 is missing",
      })
  void whatNobodyHereWroteIsNamedAndStopsThatLogAlone(String statement, String what) {
    // Given
    LogKey key = newKey();
    fill(key, 5, 10);
    LogKey sound = newKey();
    fill(sound, 5, 10);

    // When
    change(statement, key);

    // Then
    assertThatThrownBy(() -> store.read(key, 0, ALL).toList())
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(key.sessionUid())
        .hasMessageContaining(what);
    assertThat(store.read(sound, 0, ALL)).hasSize(5);
    store.delete(key);
  }

  @Test
  void aCommitBehindTheHeadIsNotWrittenOver() {
    // Given
    LogKey key = newKey();
    fill(key, 3, 10);
    change("UPDATE rouse.logs SET head = 1 WHERE true", key);

    // When
    assertThatThrownBy(() ->
            store.append(key, 1, Given.commit(1, "x", Given.message("over"), Given.message("it"))))
        // Then
        .isInstanceOf(LogCorrupt.class)
        .hasMessageContaining(key.sessionUid());
    assertThat(store.head(key).seq()).isEqualTo(1);
  }

  @Test
  void aCommitThatDoesNotFollowTheHeadIsTheCallersMistake() {
    assertThatThrownBy(() -> store.append(newKey(), -1, Given.commit(3, "a", Given.message("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins at 4");
  }

  @Test
  void whatOthersStoreIsCountedInTheNextStore() {
    // Given
    LogKey key = newKey();
    fill(key, 3, 1000);

    // When
    try (PostgresLogStore next = PostgresLogStore.open(settings())) {
      // Then
      assertThat(next.totalBytes())
          .isEqualTo(database.query("SELECT sum(bytes)::bigint FROM rouse.logs", Long.class));
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    // Given
    LogKey key = newKey();
    PostgresLogStore closed = PostgresLogStore.open(settings());

    // When
    closed.close();

    // Then
    assertThatThrownBy(() -> closed.append(key, -1, Given.commit(-1, "b", Given.message("x"))))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> closed.head(key))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageContaining("closed");
  }
}
