package dev.rouse.hands.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.protocol.HandsProtocol.Outcome.Status;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of a call whose tool is not there, has a defect, or takes the process with it. */
class ToolFailuresTest extends ExecutionsFixture {

  @Test
  void anUnknownToolIsAnErrorThatNamesTheTools() throws Exception {
    // When
    Outcome outcome = executions.execute("a", call("teleport"));

    // Then
    assertThat(outcome.isError()).isTrue();
    assertThat(textOf(outcome)).contains("\"teleport\"", "serial, free");
  }

  @Test
  void aDefectOfAToolIsAResult() throws Exception {
    // Given
    free.failure = new IllegalStateException("oops");

    // When
    Outcome outcome = executions.execute("a", call("free"));

    // Then
    assertThat(outcome.isError()).isTrue();
    assertThat(textOf(outcome)).contains("oops");
    assertThat(fatal).hasValue(0);
  }

  @Test
  void whatTheProcessCannotSurviveLeavesTheOutcomeUnknown() throws Exception {
    // Given
    serial.failure = new OutOfMemoryError("test");

    // When
    CompletableFuture<Outcome> call = later("a", call("serial"));

    // Then
    assertThatThrownBy(call::join).hasRootCauseInstanceOf(OutOfMemoryError.class);
    await("process is ended").untilAtomic(fatal, is(1));
    assertThat(executions.execute("a", call("serial")).status()).isEqualTo(Status.UNKNOWN);
    assertThat(serial.calls).hasSize(1);
  }
}
