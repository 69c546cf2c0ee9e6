package dev.rouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.session.Ids;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedBodyTest {

  private static final CallHandler REFUSING =
      call -> {
        try {
          call.body(10_000);
        } catch (BodyRefused e) {
          call.answerText(413, e.getMessage());
        }
      };

  @ParameterizedTest
  @CsvSource({"Content-Length: 30000000, '', '', ''", "Transfer-Encoding: chunked, 186a0_, _, 0__"})
  void aClientThatSendsAllBeforeItListensHearsWhyItsBodyIsRefused(
      String length, String before, String after, String last) throws Exception {
    // Given
    HttpEdge.Listen listen = new HttpEdge.Listen("127.0.0.1", 0, null);
    try (HttpEdge edge = HttpEdge.start(listen, REFUSING, Call::answerText, Ids.random());
        Socket socket = new Socket("127.0.0.1", edge.port())) {
      OutputStream out = socket.getOutputStream();
      // When it sends far more than a connection holds
      out.write(ascii("POST /x HTTP/1.1_Host: x_" + length + "__"));
      byte[] chunk = ascii(before + "x".repeat(100_000) + after);
      for (int i = 0; i < 300; i++) {
        out.write(chunk);
      }
      out.write(ascii(last));
      // Then the whole answer is there, and after it the connection is closed
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 413")
          .contains("connection: close")
          .endsWith("the 10000 bytes that this request may have\n");
    }
  }

  /** An underscore stands for the end of a line. */
  private static byte[] ascii(String text) {
    return text.replace("_", "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
