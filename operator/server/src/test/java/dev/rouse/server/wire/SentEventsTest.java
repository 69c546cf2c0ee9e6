package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may send, and how what they may not is named. */
class SentEventsTest {

  private static final Ids IDS = Ids.random();
  private static final String MESSAGE =
      "{'type':'user.message','content':[{'type':'text','text':'hi'}]}";

  private static SentEvents parse(String json) throws WireError {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return SentEvents.of(Fields.ofBody(body), IDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        MESSAGE,
        "{'type':'user.message','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'aGk='}}]}",
        "{'type':'user.message','content':[{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}}]}",
        "{'type':'user.message','content':[{'type':'document','title':'T','context':'C','source':{'type':'text','media_type':'text/plain','data':'x'}}]}",
        "{'type':'user.interrupt'}",
        "{'type':'user.interrupt','session_thread_id':'sthr_1'}",
        "{'type':'user.tool_confirmation','tool_use_id':'sevt_1','result':'allow'}",
        "{'type':'user.tool_confirmation','tool_use_id':'sevt_1','result':'deny','deny_message':'no'}",
        "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1'}",
        "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1','is_error':true,'content':[{'type':'text','text':''}]}",
        "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1','content':[{'type':'search_result','source':'s','title':'t','content':[{'type':'text','text':'x'}],'citations':{'enabled':true}}]}",
      })
  void isAccepted(String event) throws WireError {
    // When
    SentEvents sent = parse("{'events':[" + event + "]}");
    // Then
    assertThat(sent.events()).hasSize(1);
    assertThat(sent.events().getFirst().id()).startsWith("sevt_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|body: expected an object, found an array",
        "{}|events: expected an array, found nothing",
        "{'events':null}|events: expected an array, found null",
        "{'events':{}}|events: expected an array, found an object",
        "{'events':[]}|events: expected 1 to 1000 entries, found 0",
        "{'events':[3]}|events[0]: expected an object, found a number",
        "{'events':[{}]}|events[0].type: expected a string, found nothing",
        "{'events':[{'type':7}]}|events[0].type: expected a string, found a number",
        "{'events':[{'type':'user.msg'}]}|found \"user.msg\"",
        "{'events':[{'type':'agent.message','content':[]}]}|found \"agent.message\"",
        "{'events':[{'type':'user.message'}]}|events[0].content: expected an array, found nothing",
        "{'events':[{'type':'user.message','content':[]}]}|events[0].content: expected 1 to 1000 entries, found 0",
        "{'events':[{'type':'user.message','content':'hi'}]}|events[0].content: expected an array, found a string",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':''}]}]}|events[0].content[0].text: expected 1 to",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':1}]}]}|events[0].content[0].text: expected a string, found a number",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':'a','cache':1}]}]}|events[0].content[0].cache: unknown field",
        "{'events':[{'type':'user.message','content':[{'type':'redacted'}]}]}|events[0].content[0].type: expected one of document, image, text",
        "{'events':[{'type':'user.message','content':[{'type':'search_result'}]}]}|events[0].content[0].type: expected one of",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}]}|events[0].content[0].source: files are not available yet",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'??'}}]}]}|events[0].content[0].source.data: expected base64",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'url','url':'file:///etc/passwd'}}]}]}|source.url: expected an http or https URL",
        "{'events':[{'type':'user.message','id':'sevt_1','content':[{'type':'text','text':'a'}]}]}|events[0].id: unknown field",
        "{'events':[{'type':'user.interrupt','thread':'x'}]}|events[0].thread: unknown field; known are type, session_thread_id",
        "{'events':[{'type':'user.tool_confirmation','result':'allow'}]}|events[0].tool_use_id: expected a string, found nothing",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'maybe'}]}|events[0].result: expected allow or deny, found \"maybe\"",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'allow','deny_message':'n'}]}|events[0].deny_message: only with result \"deny\"",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'allow','decided_by':'me'}]}|events[0].decided_by: unknown field",
        "{'events':[{'type':'user.custom_tool_result','custom_tool_use_id':'x','is_error':'no'}]}|events[0].is_error: expected true or false, found a string",
        "{'events':[{'type':'user.tool_result','tool_use_id':'x'}]}|self-hosted",
        "{'events':[{'type':'user.define_outcome'}]}|user.define_outcome is not available yet",
        "{'events':[{'type':'system.message','content':[{'type':'text','text':'a'}]}]}|events[0]: a system.message must follow",
        "{'events':[{'type':'user.interrupt'}],'more':1}|more: unknown field; known are events",
        "{'events':[{'type':'user.interrupt'}]} x|the body is not JSON",
        "{'events':|the body is not JSON",
      })
  void isRefused(String body, String message) {
    // When
    WireError error = catchThrowableOfType(WireError.class, () -> parse(body));
    // Then
    assertThat(error).isNotNull();
    assertThat(error.type()).isEqualTo(WireError.Type.INVALID_REQUEST);
    assertThat(error).hasMessageContaining(message);
  }

  @Test
  void aSystemMessageIsTheOnlyOneAndTheLast() throws WireError {
    // Given
    String system = "{'type':'system.message','content':[{'type':'text','text':'s'}]}";
    // When
    SentEvents sent = parse("{'events':[" + MESSAGE + "," + system + "]}");
    WireError first =
        catchThrowableOfType(
            WireError.class, () -> parse("{'events':[" + system + "," + MESSAGE + "]}"));
    WireError twice =
        catchThrowableOfType(
            WireError.class,
            () -> parse("{'events':[" + MESSAGE + "," + system + "," + system + "]}"));
    // Then
    assertThat(sent.events().getLast()).isInstanceOf(UserEvent.SystemMessage.class);
    assertThat(first).hasMessageContaining("events[0]");
    assertThat(twice).hasMessageContaining("events[1]");
  }

  @Test
  void blocksComeThroughAsTheyWere() throws WireError {
    // When
    SentEvents sent =
        parse(
            "{'events':[{'type':'user.message','content':[{'type':'text','text':'a'},{'type':'document','title':'T','source':{'type':'text','media_type':'text/plain','data':'x'}}]}]}");
    // Then
    List<ContentBlock> blocks = ((UserEvent.Message) sent.events().getFirst()).content();
    assertThat(blocks.getFirst()).isEqualTo(ContentBlock.text("a"));
    assertThat(((ContentBlock.Other) blocks.getLast()).fields())
        .containsOnlyKeys("title", "source");
  }

  @Test
  void onlyConfirmationsAreApprovals() throws WireError {
    // Given
    String allow = "{'type':'user.tool_confirmation','tool_use_id':'sevt_1','result':'allow'}";
    // When
    SentEvents alone = parse("{'events':[" + allow + "]}");
    SentEvents mixed = parse("{'events':[" + allow + "," + MESSAGE + "]}");
    SentEvents none = parse("{'events':[" + MESSAGE + "]}");
    // Then
    assertThat(alone.approves() && !alone.sends()).isTrue();
    assertThat(mixed.approves() && mixed.sends()).isTrue();
    assertThat(!none.approves() && none.sends()).isTrue();
    assertThat(((UserEvent.ToolConfirmation) alone.by("alice").getFirst()).decidedBy())
        .isEqualTo("alice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'user.interrupt'}|initial_events[0].type: expected user.message",
        "{'type':'user.define_outcome'}|initial_events[0]: user.define_outcome is not available yet",
        "{'type':'user.message','content':[]}|initial_events[0].content: expected 1 to 1000",
      })
  void firstEventsAreMessages(String event, String message) {
    // When
    byte[] body =
        ("{'initial_events':[" + event + "]}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    WireError error =
        catchThrowableOfType(WireError.class, () -> SentEvents.initial(Fields.ofBody(body), IDS));
    // Then
    assertThat(error).hasMessageContaining(message);
  }
}
