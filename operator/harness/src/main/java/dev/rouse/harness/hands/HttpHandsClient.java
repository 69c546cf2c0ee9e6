package dev.rouse.harness.hands;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rouse.harness.http.HttpCalls;
import dev.rouse.session.EventCodec;
import dev.rouse.session.protocol.BrainProtocol.Hands;
import dev.rouse.session.protocol.HandsProtocol.Epoch;
import dev.rouse.session.protocol.HandsProtocol.Execution;
import dev.rouse.session.protocol.HandsProtocol.Instance;
import dev.rouse.session.protocol.HandsProtocol.Outcome;
import dev.rouse.session.protocol.HandsProtocol.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link HandsClient} over HTTP. */
public final class HttpHandsClient implements HandsClient {

  private static final Duration CALL = Duration.ofSeconds(10);

  /**
   * A waiting call is given up after this and made again, which joins the tool: a connection that
   * died without a word is noticed long before a long tool's end.
   */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final HttpCalls http;

  public HttpHandsClient(HttpCalls http) {
    this.http = http;
  }

  @Override
  public Instance raiseEpoch(Hands hands, int epoch) throws HandsRefused, IOException {
    Buffer body = call(hands, HttpMethod.PUT, "/v1/epoch", new Epoch(epoch), CALL);
    return EventCodec.JSON.readValue(body.getBytes(), Instance.class);
  }

  @Override
  public Outcome execute(Hands hands, String toolUseId, Execution execution)
      throws HandsRefused, IOException {
    Buffer body =
        call(hands, HttpMethod.PUT, "/v1/executions/" + toolUseId, execution, LONGEST_WAIT);
    return EventCodec.JSON.readValue(body.getBytes(), Outcome.class);
  }

  @Override
  public void cancel(Hands hands, String toolUseId) throws HandsRefused, IOException {
    call(hands, HttpMethod.DELETE, "/v1/executions/" + toolUseId, null, CALL);
  }

  private Buffer call(
      Hands hands, HttpMethod method, String path, @Nullable Object body, Duration timeout)
      throws HandsRefused, IOException {
    HttpCalls.Response response =
        http.call(
            new HttpCalls.Request(
                method,
                hands.address() + path,
                Map.of("authorization", "Bearer " + hands.ticket()),
                body == null ? null : Buffer.buffer(EventCodec.JSON.writeValueAsBytes(body)),
                timeout));
    if (response.isSuccess()) {
      return response.body();
    }
    try {
      Refusal refusal = EventCodec.JSON.readValue(response.body().getBytes(), Refusal.class);
      if (refusal != null && (Object) refusal.code() != null) {
        throw new HandsRefused(refusal);
      }
    } catch (JsonProcessingException e) {
      throw new IOException("HTTP " + response.status() + " from the hands", e);
    }
    throw new IOException("HTTP " + response.status() + " from the hands");
  }
}
