package dev.rouse.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The heartbeats of an {@link SdkWorker} for one item. */
final class SdkWorkerLease implements AutoCloseable {

  private final SdkWorker worker;
  private final JsonNode item;
  private final String token;
  private volatile boolean over;
  private volatile boolean lost;

  SdkWorkerLease(SdkWorker worker, JsonNode item, String token) {
    this.worker = worker;
    this.item = item;
    this.token = token;
  }

  boolean isOver() {
    return over || lost;
  }

  boolean isLost() {
    return lost;
  }

  SdkWorkerLease start() {
    String[] last = {"NO_HEARTBEAT"};
    Duration first = beat(last);
    Thread.ofVirtual()
        .name("lease")
        .start(() -> {
          Duration every = first;
          while (!isOver() && !worker.isStopped()) {
            SdkWorker.pause(every);
            if (!isOver() && !worker.isStopped()) {
              try {
                every = beat(last);
              } catch (UncheckedIOException e) {
                every = SdkWorker.BETWEEN_TRIES;
              }
            }
          }
        });
    return this;
  }

  /** Beats once. @return when to beat again */
  private Duration beat(String[] last) {
    SdkWorker.Answer answer =
        worker.call(
            "POST",
            SdkWorker.item(item)
                + "/heartbeat?expected_last_heartbeat="
                + URLEncoder.encode(last[0], StandardCharsets.UTF_8),
            token,
            null);
    worker.beat(answer.status());
    if (answer.status() == 412) {
      lost = true;
    } else if (answer.status() == 200) {
      last[0] = answer.json().path("last_heartbeat").asText();
      String state = answer.json().path("state").asText();
      over |=
          !answer.json().path("lease_extended").asBoolean()
              || state.equals("stopping")
              || state.equals("stopped");
    } else if (answer.status() < 500) {
      over = true;
    }
    long half = answer.json().path("ttl_seconds").asLong(90) * 1000 / 2;
    return Duration.ofMillis(Math.max(1000, Math.min(half, 30_000)));
  }

  @Override
  public void close() {
    over = true;
  }
}
