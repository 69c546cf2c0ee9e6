package dev.rouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.server.TestClient.Answer;
import dev.rouse.session.Event;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A server in this process, sessions that have talked, and a caller who may copy their logs. */
abstract class CopiesFixture extends SessionsApiFixture {

  static final String OURS = "/rouse/v1/sessions";

  @BeforeEach
  void mayCopy() {
    for (String verb : List.of("create", "get", "update")) {
      reviews.grant("ci", verb + " sessions/log", FakeCluster.NAMESPACE);
    }
  }

  /** A session that has answered once and rests. */
  String talked() {
    String id = made(",'title':'Talk','initial_events':[" + HELLO + "]");
    cluster.harness(uid(id), "pod-1");
    try (FakeBrain brain = new FakeBrain(server.edge.port(), "brain", uid(id))) {
      brain.wake();
      List<Event> queued = FakeBrain.queued(brain.records(0));
      assertThat(brain.turn("turn", queued, "hi").status()).isEqualTo(200);
    }
    return id;
  }

  static byte[] export(TestClient from, String id) {
    Answer answer = from.get(OURS + "/" + id + "/log");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.response().body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static List<String> lines(byte[] file) {
    List<String> all = new String(file, java.nio.charset.StandardCharsets.UTF_8).lines().toList();
    return all.subList(1, all.size() - 1);
  }
}
