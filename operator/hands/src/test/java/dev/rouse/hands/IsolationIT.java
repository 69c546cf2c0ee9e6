package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.hands.Brain.Answer;
import dev.rouse.session.protocol.HandsProtocol.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program beside something that it must not reach. */
class IsolationIT {

  private final Keys keys = Keys.make();

  @TempDir private Path directory;

  @Tag("failure-19")
  @Test
  void handsThatReachWhatIsForbiddenRunNothingUntilTheyDoNot() throws Exception {
    // Given
    ServerSocket forbidden = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> accept(forbidden));
    Map<String, String> environment = HandsProcess.environment(directory, keys);
    environment.put("ROUSE_FORBIDDEN", "127.0.0.1:" + forbidden.getLocalPort());
    try (HandsProcess hands = HandsProcess.start(directory, environment)) {
      Brain brain = Brain.awake(hands.address(), keys, 1);
      // When
      Answer refused = brain.bash("a", "touch ran");
      // Then
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.refusal().code()).isEqualTo(Code.NOT_ISOLATED);
      assertThat(refused.refusal().message()).contains(environment.get("ROUSE_FORBIDDEN"));
      assertThat(directory.resolve("workspace/ran")).doesNotExist();
      assertThat(brain.health().status()).isEqualTo(200);
      assertThat(hands.output()).contains("not isolated: no tool runs here");
      // When the way is closed
      forbidden.close();
      // Then
      assertThat(brain.bash("a", "echo ran").text()).isEqualTo("ran\n");
    }
  }

  /** As a server does: connections that nobody takes are not answered any more. */
  private static void accept(ServerSocket server) {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }
}
