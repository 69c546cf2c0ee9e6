package dev.rouse.hands.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.rouse.hands.execution.RefusedException;
import dev.rouse.hands.log.HandsLog;
import dev.rouse.session.protocol.HandsProtocol.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real connections on this machine: one that is made, one that is refused, one without an answer.
 */
@Timeout(60)
class IsolationCheckTest {

  private static final Duration NONE = Duration.ZERO;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final HandsLog log =
      new HandsLog(
          new PrintStream(out, true, StandardCharsets.UTF_8), Clock.systemUTC(), "s", false);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable socket : open) {
      socket.close();
    }
  }

  @Test
  void whereNothingIsForbiddenNothingIsTried() {
    // Given
    IsolationCheck check = check(NONE);
    // When
    // Then
    assertThatCode(check::admit).doesNotThrowAnyException();
  }

  @Tag("failure-19")
  @Test
  void anAddressThatAnswersLetsNoCallIn() throws Exception {
    // Given
    ServerSocket server = listening();
    IsolationCheck check = check(NONE, refusing(), address(server));
    // When
    RefusedException refused = catchThrowableOfType(RefusedException.class, check::admit);
    // Then
    assertThat(refused.code()).isEqualTo(Code.NOT_ISOLATED);
    assertThat(refused)
        .hasMessageStartingWith("this sandbox reaches " + address(server) + ", which it must not")
        .hasMessageContaining("network plugin")
        .hasMessageContaining("ROUSE_SANDBOX_FORBIDDEN");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("WARN not isolated")
        .contains("it reaches " + address(server));
  }

  @Test
  void aConnectionThatIsRefusedIsNone() throws Exception {
    // Given
    IsolationCheck check = check(NONE, refusing());
    // When
    // Then
    assertThatCode(check::admit).doesNotThrowAnyException();
  }

  @Test
  void whatDoesNotAnswerIsNotWaitedForLong() throws Exception {
    // Given
    IsolationCheck check = check(NONE, silent(), silent());
    long start = System.nanoTime();
    // When
    check.admit();
    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(IsolationCheck.TIMEOUT, IsolationCheck.TIMEOUT.multipliedBy(2));
  }

  @Test
  void aPolicyThatComesLateIsWaitedFor() throws Exception {
    // Given
    ServerSocket server = listening();
    IsolationCheck check = check(Duration.ofSeconds(40), address(server));
    CompletableFuture<Void> admitted = CompletableFuture.runAsync(() -> admit(check));
    server.accept().close();
    server.accept().close();
    // When
    server.close();
    // Then
    assertThatCode(admitted::join).doesNotThrowAnyException();
  }

  @Test
  void whatWasClosedOnceIsNotTriedAgain() throws Exception {
    // Given
    ForbiddenAddress address = refusing();
    IsolationCheck check = check(NONE, address);
    check.admit();
    open.add(new ServerSocket(address.port(), 5, InetAddress.getLoopbackAddress()));
    // When
    // Then
    assertThatCode(check::admit).doesNotThrowAnyException();
  }

  @Test
  void whenTheClusterIsPutRightTheNextCallIsLetIn() throws Exception {
    // Given
    ServerSocket server = listening();
    IsolationCheck check = check(NONE, address(server));
    RefusedException refused = catchThrowableOfType(RefusedException.class, check::admit);
    server.close();
    // When
    check.admit();
    // Then
    assertThat(refused).isNotNull();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("INFO isolated");
  }

  @Test
  void whoStopsDoesNotWaitForPolicies() throws Exception {
    // Given
    ServerSocket server = listening();
    IsolationCheck check = check(Duration.ofMinutes(5), address(server));
    CompletableFuture<Void> admitted = CompletableFuture.runAsync(() -> admit(check));
    server.accept().close();
    // When
    check.close();
    // Then
    await("the call ends").until(admitted::isCompletedExceptionally);
  }

  private IsolationCheck check(Duration patience, ForbiddenAddress... forbidden) {
    return new IsolationCheck(List.of(forbidden), patience, log);
  }

  private static void admit(IsolationCheck check) {
    try {
      check.admit();
    } catch (RefusedException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServerSocket listening() throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(server);
    return server;
  }

  private static ForbiddenAddress address(ServerSocket server) {
    return new ForbiddenAddress(server.getInetAddress().getHostAddress(), server.getLocalPort());
  }

  /** An address at which nothing listens. */
  private static ForbiddenAddress refusing() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return address(server);
    }
  }

  /** An address whose packets are dropped: its queue of connections is full. */
  private ForbiddenAddress silent() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    open.add(server);
    boolean full = false;
    while (!full) {
      Socket socket = new Socket();
      open.add(socket);
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
      } catch (SocketTimeoutException e) {
        full = true;
      }
    }
    return address(server);
  }

  @Test
  void addressesAreReadAsTheyAreWritten() {
    // When
    List<ForbiddenAddress> addresses =
        ForbiddenAddress.list("10.96.0.1:443, [fd00::1]:443,metadata.example:80,");
    // Then
    assertThat(addresses)
        .containsExactly(
            new ForbiddenAddress("10.96.0.1", 443),
            new ForbiddenAddress("fd00::1", 443),
            new ForbiddenAddress("metadata.example", 80));
    assertThat(Stream.of("10.96.0.1", ":80", "a:http", "a:70000"))
        .allSatisfy(it ->
            assertThatCode(() -> ForbiddenAddress.list(it))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(it));
  }
}
