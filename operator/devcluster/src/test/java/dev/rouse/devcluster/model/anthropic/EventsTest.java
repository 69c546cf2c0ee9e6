package dev.rouse.devcluster.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.model.protocol.Protocol.Event;
import dev.rouse.devcluster.model.protocol.Protocol.Event.Place;
import dev.rouse.devcluster.model.protocol.Protocol.Outgoing;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyBlockIsOpenedFilledAndClosedInOrder() throws Exception {
    // Given
    var input = JSON.readTree("{\"command\":\"echo a rather long line of text\",\"n\":[1,null]}");
    var answer =
        new Answer(
            List.of(new Part.Text("so"), new Part.ToolUse("toolu_1", "bash", input)), "tool_use");
    // When
    var events = Events.stream(new Outgoing("msg", "m", 7), answer);
    // Then
    var datas = new ArrayList<JsonNode>();
    for (Event event : events) {
      datas.add(JSON.readTree(event.data()));
    }
    Map<String, List<String>> byBlock =
        datas.stream()
            .filter(data -> data.has("index"))
            .collect(
                Collectors.groupingBy(
                    data -> data.get("index").asText(),
                    Collectors.mapping(data -> data.get("type").asText(), Collectors.toList())));
    assertThat(byBlock.values())
        .allSatisfy(names -> {
          assertThat(names).startsWith("content_block_start").endsWith("content_block_stop");
          assertThat(names.subList(1, names.size() - 1)).containsOnly("content_block_delta");
        });
    assertThat(byBlock.get("1")).hasSizeGreaterThan(4);
    assertThat(
            JSON.readTree(
                datas.stream()
                    .map(data -> data.at("/delta/partial_json").asText())
                    .collect(Collectors.joining())))
        .isEqualTo(input);
    assertThat(events).extracting(Event::name).endsWith("message_stop");
    assertThat(events.stream().filter(event -> event.place() == Place.END)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error",
    "401,authentication_error",
    "402,billing_error",
    "403,permission_error",
    "404,not_found_error",
    "413,request_too_large",
    "418,invalid_request_error",
    "429,rate_limit_error",
    "500,api_error",
    "503,api_error",
    "504,timeout_error",
    "529,overloaded_error"
  })
  void everyStatusHasItsErrorType(int status, String type) {
    assertThat(ErrorBody.type(status)).isEqualTo(type);
  }
}
