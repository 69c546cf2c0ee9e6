package dev.rouse.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.log.memory.InMemoryLogStore;
import dev.rouse.log.memory.InMemoryLogStore.Failure;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of two servers over one store, exactly the one that stored a commit is told that it is its own.
 */
class WitnessTest {

  private final InMemoryLogStore store = new InMemoryLogStore();
  private final LogKey key = Given.key("team-a");
  private final Server one = new Server();
  private final Server other = new Server();

  private final class Server {
    final List<String> ours = new ArrayList<>();
    final List<String> all = new ArrayList<>();
    final SessionLog log =
        new SessionLogs(
                store,
                LogSettings.DEFAULTS,
                Clock.systemUTC(),
                Ids.random(),
                _ ->
                    (commit, isOurs) -> {
                      all.add(commit.appendId());
                      if (isOurs) {
                        ours.add(commit.appendId());
                      }
                    })
            .of(key);

    void receive(String appendId) {
      log.receive(appendId, null, List.of(Given.message(appendId)));
    }
  }

  @BeforeEach
  void create() {
    one.log.create(Given.created(key), List.of());
  }

  @Test
  void bothSeeAllCommitsInTheirOrderAndEachItsOwn() {
    // When
    one.receive("a");
    other.receive("b");
    one.receive("c");
    other.log.state();
    // Then
    assertThat(one.all).containsExactly("create", "a", "b", "c").isEqualTo(other.all);
    assertThat(one.ours).containsExactly("create", "a", "c");
    assertThat(other.ours).containsExactly("b");
  }

  @Test
  void whatWasAcknowledgedBeforeIsNobodysASecondTime() {
    // Given
    one.receive("a");
    // When
    one.receive("a");
    other.receive("a");
    // Then
    assertThat(one.ours).containsExactly("create", "a");
    assertThat(other.ours).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"LOST_BEFORE", "LOST_AFTER"})
  void aCommitWhoseAnswerWasLostIsItsWritersOnce(Failure failure) {
    // Given
    store.failAppend(1, failure);
    // When
    one.receive("a");
    one.receive("b");
    other.log.state();
    // Then
    assertThat(one.ours).containsExactly("create", "a", "b");
    assertThat(other.ours).isEmpty();
  }

  @Test
  void aCommitThatItsWriterDidNotFindIsItsOwnWhenItFindsItLater() {
    // Given
    store.failAppend(1, Failure.LOST_AFTER).failReads(true);
    Throwable lost = ThrowableAssert.catchThrowable(() -> one.receive("a"));
    store.failReads(false);
    // When
    other.receive("a");
    one.receive("a");
    // Then
    assertThat(lost).isInstanceOf(OutcomeUnknown.class);
    assertThat(one.ours).containsExactly("create", "a");
    assertThat(other.ours).isEmpty();
  }

  @Test
  void theSameByAnotherWriterIsTheOthers() {
    // Given
    store.failAppend(1, Failure.LOST_BEFORE).failReads(true);
    Throwable lost = ThrowableAssert.catchThrowable(() -> one.receive("a"));
    store.failReads(false);
    // When
    other.receive("a");
    one.receive("a");
    // Then
    assertThat(lost).isInstanceOf(OutcomeUnknown.class);
    assertThat(one.ours).containsExactly("create");
    assertThat(other.ours).containsExactly("a");
  }
}
