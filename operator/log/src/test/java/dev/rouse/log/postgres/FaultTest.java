package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** Which errors say that nothing was changed, and which say nothing. */
class FaultTest {

  private static SQLException told(String state) {
    return new PSQLException(
        new ServerErrorMessage("SERROR\0C" + state + "\0Mas the database says it\0"));
  }

  @ParameterizedTest
  @CsvSource({
    // Disk full, out of memory, deadlock, lock or statement timeout, serialization.
    "53100, REFUSED",
    "53200, REFUSED",
    "40P01, REFUSED",
    "40001, REFUSED",
    "55P03, REFUSED",
    "57014, REFUSED",
    "42501, REFUSED",
    "42P01, REFUSED",
    "XX000, REFUSED",
    "25006, READ_ONLY",
    "23505, ODD",
    "XX001, ODD",
    "54000, TOO_LARGE",
    // The server ends the connection: perhaps after the COMMIT.
    "57P01, LOST",
    "57P02, LOST",
    "57P05, LOST",
    "08006, LOST",
    "08P01, LOST",
    "40003, LOST",
  })
  void theDatabaseSaysWhatItUndid(String state, Fault fault) {
    assertThat(Fault.of(told(state))).isEqualTo(fault);
  }

  @Test
  void whatTheDriverSaysIsNoAnswerOfTheDatabase() {
    assertThat(Fault.of(new PSQLException("timed out", PSQLState.CONNECTION_FAILURE)))
        .isEqualTo(Fault.LOST);
    assertThat(Fault.of(new PSQLException("odd", PSQLState.UNIQUE_VIOLATION)))
        .isEqualTo(Fault.LOST);
    assertThat(Fault.of(new SQLException("closed"))).isEqualTo(Fault.LOST);
  }
}
