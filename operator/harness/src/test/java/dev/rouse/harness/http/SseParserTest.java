package dev.rouse.harness.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.harness.http.SseParser.Sse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {

  private static final String STREAM =
      ": connected\n\nid: 7\nevent: message\ndata: {\"a\":\"ü\"}\n\n"
          + "retry: 5\r\ndata:one\r\ndata: two\r\n\r\nevent: empty\n\ndata: end\rdata\r\r";

  @ParameterizedTest(name = "in pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void eventsAreTheSameHoweverTheBytesAreCut(int size) {
    // Given
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    SseParser parser = new SseParser();

    // When
    List<Sse> events = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += size) {
      events.addAll(
          parser.feed(Arrays.copyOfRange(bytes, from, Math.min(from + size, bytes.length))));
    }

    // Then
    assertThat(events)
        .containsExactly(
            new Sse("message", "7", "{\"a\":\"ü\"}"),
            new Sse("", null, "one\ntwo"),
            new Sse("", null, "end\n"));
  }
}
