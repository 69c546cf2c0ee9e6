package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.ModelProviderSpec;
import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.Event;
import dev.rouse.session.Ids;
import dev.rouse.session.ModelUsage;
import dev.rouse.session.SpanEvent;
import dev.rouse.session.StopReason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A server whose model has a price: a cent for each token that is read. */
abstract class BudgetFixture extends SessionsApiFixture {

  private static final Ids IDS = Ids.random();

  private static final String PRICE = "{input: '10000', output: '0'}";

  @BeforeEach
  void price() {
    cluster.put(provider(PRICE));
  }

  static ModelProvider provider(@Nullable String price) {
    ModelProvider provider = new ModelProvider();
    provider.setMetadata(new ObjectMetaBuilder().withName("priced").build());
    provider.setSpec(
        Serialization.unmarshal(
            """
            type: anthropic
            baseURL: http://models.example
            secretRef: {name: key, key: key}
            models: [{name: claude-test%s}]
            """
                .formatted(price == null ? "" : ", price: " + price),
            ModelProviderSpec.class));
    return provider;
  }

  static String budget(String cents) {
    return "'budget':{'type':'limit','max_list_cost':{'amount':'" + cents + "','currency':'USD'}}";
  }

  String capped(String cents) {
    return made("," + budget(cents) + ",'initial_events':[" + HELLO + "]");
  }

  Answer change(String id, String json) {
    return post(SESSIONS + "/" + id, "{" + json + "}");
  }

  JsonNode body(String id) {
    return client.get(SESSIONS + "/" + id).json();
  }

  /** A brain's turn that costs so many cents, and ends like this. */
  void turn(String id, long cents, StopReason reason) {
    cluster.harness(uid(id), "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid(id))) {
      assertThat(brain.wake().status()).isEqualTo(200);
      ModelUsage usage = new ModelUsage(cents, 5, 0, 0, Map.of());
      SpanEvent.ModelRequestStart start = new SpanEvent.ModelRequestStart(IDS.event(), usage);
      AgentEvent.ToolUse call = FakeBrain.bash("ls");
      List<Event> events = new ArrayList<>(FakeBrain.queued(brain.records(0)));
      events.add(start);
      events.add(call);
      events.add(new SpanEvent.ModelRequestEnd(IDS.event(), start.id(), false, usage));
      events.add(new AgentEvent.ToolResult(IDS.event(), call.id(), List.of(), false));
      events.addAll(FakeBrain.idle(reason));
      Answer committed = brain.commit("turn", events);
      assertThat(committed.status()).as(committed.response().body()).isEqualTo(200);
    }
  }
}
