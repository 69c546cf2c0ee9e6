package dev.rouse.devcluster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.ledger.Call.Outcome;
import dev.rouse.devcluster.model.stage.IdSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that plays one script as the model {@code m}, and a client of it. */
abstract class ServerBench {

  @TempDir Path directory;
  ModelServer server;
  ModelClient client;
  private final String script;

  ServerBench(String script) {
    this.script = script;
  }

  @BeforeEach
  void start() throws IOException {
    Files.writeString(directory.resolve("m.yaml"), script);
    server = start(null);
    client = new ModelClient(server.url());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  /** Another server of the same script, that takes only this key. */
  ModelServer start(String key) throws IOException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return ModelServer.start(
        new ModelServer.Settings(directory, anyPort, null, key),
        Clock.systemUTC(),
        IdSource.random());
  }

  void awaitOutcomes(Outcome... outcomes) {
    await("outcomes of the calls")
        .untilAsserted(
            () -> assertThat(server.calls()).extracting(Call::outcome).containsExactly(outcomes));
  }
}
