package dev.rouse.harness.model.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.fake.ModelHttp;
import dev.rouse.harness.fake.Wire;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.harness.model.ModelAnswer;
import dev.rouse.harness.model.ModelFailure;
import dev.rouse.harness.model.ModelProvider;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.UserEvent;
import dev.rouse.session.tools.AgentToolset;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A provider under test, and the server that it asks. */
abstract class ProviderBench {

  protected static final String KEY = "sk-secret-42";

  private static Vertx vertx;

  @TempDir protected Path directory;
  protected ModelHttp http;
  protected ModelProvider provider;
  protected final Heard heard = new Heard();
  final Wire wire;

  ProviderBench(Wire wire) {
    this.wire = wire;
  }

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void start() throws IOException {
    http = new ModelHttp();
    Path key = Files.writeString(directory.resolve("key"), KEY + "\n");
    provider = provider(key, Duration.ofSeconds(10));
  }

  protected ModelProvider provider(@Nullable Path key, Duration patience) {
    return new StreamedProvider(
        new HttpCalls(vertx, null),
        new Endpoint(http.url(), key),
        wire.protocol(),
        new Patience(patience, patience),
        Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  protected static ModelRequest request(@Nullable String effort) {
    return new ModelRequest(
        "vendor",
        "model-x",
        500,
        effort,
        "Be brief.",
        AgentToolset.all(),
        null,
        List.of(new UserEvent.Message("sevt_1", List.of(ContentBlock.text("hello")))));
  }

  protected ModelAnswer ask() throws ModelFailure, InterruptedException {
    return provider.stream(request(null), heard);
  }

  protected JsonNode body(int request) throws IOException {
    return new ObjectMapper().readTree(http.bodies.get(request));
  }

  protected ModelFailure failure() {
    Throwable thrown = catchThrowable(this::ask);
    assertThat(thrown).isInstanceOf(ModelFailure.class);
    return (ModelFailure) thrown;
  }

  /** Remembers what it was told. */
  protected static final class Heard implements ModelProvider.Listener {
    public final List<String> said = new CopyOnWriteArrayList<>();
    public volatile ModelUsage usage;

    @Override
    public void thinking() {
      said.add("thinking");
    }

    @Override
    public void text(int index, String piece) {
      said.add(index + ":" + piece);
    }

    @Override
    public void usage(ModelUsage soFar) {
      usage = soFar;
    }
  }
}
