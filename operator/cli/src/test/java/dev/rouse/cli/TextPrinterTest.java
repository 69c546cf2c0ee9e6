package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.session.EventCodec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPrinterTest {

  private final StringWriter shown = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'type':'user.message','content':[{'type':'text','text':'Hi'}]} | 12:00:01  user     Hi",
        "{'type':'agent.message','content':[{'type':'text','text':'Yo'}]} | 12:00:01  agent    Yo",
        "{'type':'agent.tool_use','name':'bash','input':{'command':'ls'}} | 12:00:01  bash     ls",
        "{'type':'agent.tool_use','name':'odd','input':{'x':1}} | 12:00:01  odd      {\"\"x\"\":1}",
        "{'type':'session.status_idle','stop_reason':{'type':'end_turn'}} | 12:00:01  idle     end_turn",
        "{'type':'session.error','error':{'message':'no key'}} | 12:00:01  error    no key",
        "{'type':'rouse.woken','epoch':2,'why':'first wake'} | 12:00:01  wake     epoch 2, first wake",
      })
  void shows_each_kind_of_event_on_a_line(String event, String line) {
    // Given
    TextPrinter printer = printer(false, 12);
    // When
    printer.print(at(event));
    // Then
    assertThat(shown.toString().strip()).isEqualTo(line.replace("\"\"", "\""));
  }

  @Test
  void marks_a_message_that_waits_for_its_turn() {
    // Given
    TextPrinter printer = printer(false, 12);
    // When
    printer.print(json("{'type':'user.message','content':[{'type':'text','text':'later'}]}"));
    // Then
    assertThat(shown.toString()).contains("(queued) later");
  }

  @Test
  void cuts_a_long_result_and_says_how_much_is_missing() {
    // Given
    TextPrinter printer = printer(false, 2);
    // When
    printer.print(
        at("{'type':'agent.tool_result','content':[{'type':'text','text':'a\\nb\\nc\\nd'}]}"));
    // Then
    assertThat(shown.toString()).contains("a").contains("b").contains("… 2 more lines");
    assertThat(shown.toString()).doesNotContain("d\n");
  }

  @Test
  void uses_colour_only_where_it_is_asked_for() {
    // Given
    TextPrinter printer = printer(true, 12);
    // When
    printer.print(at("{'type':'agent.message','content':[{'type':'text','text':'Yo'}]}"));
    // Then
    assertThat(shown.toString()).contains("\u001b[32m").contains("\u001b[0m");
  }

  @Test
  void says_nothing_about_events_without_news_for_a_person() {
    // Given
    TextPrinter printer = printer(false, 12);
    // When
    printer.print(at("{'type':'span.model_request_start'}"));
    // Then
    assertThat(shown.toString()).isEmpty();
  }

  private TextPrinter printer(boolean colour, int lines) {
    return new TextPrinter(new PrintWriter(shown), colour, ZoneOffset.UTC, lines);
  }

  private static JsonNode at(String event) {
    return json(event.replaceFirst("}$", ",'processed_at':'2026-01-01T12:00:01.000000Z'}"));
  }

  private static JsonNode json(String text) {
    try {
      return EventCodec.JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
