package dev.rouse.devcluster.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 383, 384, 385, 20_000})
  void thePiecesAreTheWholeWhateverTheLength(int length) {
    // Given
    String text = "😀a".repeat(length).substring(0, length - length % 3 + (length < 3 ? 2 : 0));
    var answer = new Answer(List.of(new Part.Text(text)), "end_turn");
    // When
    var pieces =
        Events.stream("msg", "m", answer, 1).stream()
            .filter(Events.Event::delta)
            .map(event -> event.data().at("/delta/text").textValue())
            .toList();
    // Then
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces)
        .hasSizeLessThanOrEqualTo(24)
        .allMatch(piece -> StandardCharsets.UTF_8.newEncoder().canEncode(piece));
  }

  @Test
  void everyBlockIsOpenedFilledAndClosedInOrder() throws Exception {
    // Given
    var input = JSON.readTree("{\"command\":\"echo a rather long line of text\",\"n\":[1,null]}");
    var answer =
        new Answer(
            List.of(new Part.Text("so"), new Part.ToolUse("toolu_1", "bash", input)), "tool_use");
    // When
    var events = Events.stream("msg", "m", answer, 7);
    // Then
    Map<String, List<String>> byBlock =
        events.stream()
            .filter(event -> event.data().has("index"))
            .collect(
                Collectors.groupingBy(
                    event -> event.data().get("index").asText(),
                    Collectors.mapping(Events.Event::name, Collectors.toList())));
    assertThat(byBlock.values())
        .allSatisfy(names -> {
          assertThat(names).startsWith("content_block_start").endsWith("content_block_stop");
          assertThat(names.subList(1, names.size() - 1)).containsOnly("content_block_delta");
        });
    assertThat(byBlock.get("1")).hasSizeGreaterThan(4);
    assertThat(
            JSON.readTree(
                events.stream()
                    .map(event -> event.data().at("/delta/partial_json").asText())
                    .collect(Collectors.joining())))
        .isEqualTo(input);
    assertThat(events.getLast().last()).isTrue();
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
