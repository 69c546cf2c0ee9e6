package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Ids;
import dev.rouse.session.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may send, and how what they may not is named. */
class SentEventsTest {

  private static final Ids IDS = Ids.random();
  private static final String MESSAGE =
      "{'type':'user.message','content':[{'type':'text','text':'hi'}]}";

  private static final String TEXT = "{'type':'text','text':'x'}";
  private static final String SEARCH_RESULT =
      "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1','content':[{'type':'search_result','source':'s','title':'t','content':["
          + TEXT
          + "],'citations':{'enabled':true}}]}";

  private static Body body(String json) throws InvalidBody {
    return Body.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static SentEvents parse(String json) throws InvalidBody {
    return SentEvents.of(body(json), IDS);
  }

  private static List<UserEvent> first(String... events) throws InvalidBody {
    return SentEvents.initial(body("{'initial_events':[" + String.join(",", events) + "]}"), IDS);
  }

  @Tag("contract-blocks")
  @ParameterizedTest
  @ValueSource(
      strings = {
        MESSAGE,
        "{'type':'user.message','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'aGk='}}]}",
        "{'type':'user.message','content':[{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}}]}",
        "{'type':'user.message','content':[{'type':'document','title':'T','context':'C','source':{'type':'text','media_type':'text/plain','data':'x'}}]}",
        "{'type':'user.message','content':[{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'aGk='}}]}",
        "{'type':'user.message','content':[{'type':'document','source':{'type':'url','url':'https://example.com/a.pdf'}}]}",
        "{'type':'user.interrupt'}",
        "{'type':'user.interrupt','session_thread_id':'sthr_1'}",
        "{'type':'user.tool_confirmation','tool_use_id':'sevt_1','result':'allow'}",
        "{'type':'user.tool_confirmation','tool_use_id':'sevt_1','result':'deny','deny_message':'no'}",
        "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1'}",
        "{'type':'user.custom_tool_result','custom_tool_use_id':'sevt_1','is_error':true,'content':[{'type':'text','text':''}]}",
        SEARCH_RESULT,
      })
  void isAccepted(String event) throws InvalidBody {
    // When
    SentEvents sent = parse("{'events':[" + event + "]}");
    // Then
    assertThat(sent.events()).hasSize(1);
    assertThat(sent.events().getFirst().id()).startsWith("sevt_");
  }

  @Tag("contract-blocks")
  @Tag("contract-sent-confirmation")
  @Tag("contract-sent-system")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|body: must be an object, is an array",
        "{}|events: is required",
        "{'events':null}|events: is required",
        "{'events':{}}|events: must be an array, is an object",
        "{'events':[]}|events: must have 1 to 1000 entries, has 0",
        "{'events':[3]}|events.0: must be an object, is a number",
        "{'events':[{}]}|events.0.type: is required",
        "{'events':[{'type':7}]}|events.0.type: must be a string, is a number",
        "{'events':[{'type':'user.msg'}]}|is \"user.msg\"",
        "{'events':[{'type':'agent.message','content':[]}]}|is \"agent.message\"",
        "{'events':[{'type':'user.message'}]}|events.0.content: is required",
        "{'events':[{'type':'user.message','content':[]}]}|events.0.content: must have 1 to 1000 entries, has 0",
        "{'events':[{'type':'user.message','content':'hi'}]}|events.0.content: must be an array, is a string",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':''}]}]}|events.0.content.0.text: must have 1 to",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':1}]}]}|events.0.content.0.text: must be a string, is a number",
        "{'events':[{'type':'user.message','content':[{'type':'text','text':'a','cache':1}]}]}|events.0.content.0.cache: there is no such field here",
        "{'events':[{'type':'user.message','content':[{'type':'redacted'}]}]}|events.0.content.0.type: must be one of document, image, text",
        "{'events':[{'type':'user.message','content':[{'type':'search_result'}]}]}|events.0.content.0.type: must be one of",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}]}|events.0.content.0.source.type: files are not available yet",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'??'}}]}]}|events.0.content.0.source.data: must be base64",
        "{'events':[{'type':'user.message','content':[{'type':'image','source':{'type':'url','url':'file:///etc/passwd'}}]}]}|source.url: must be an http or https URL",
        "{'events':[{'type':'user.message','id':'sevt_1','content':[{'type':'text','text':'a'}]}]}|events.0.id: there is no such field here",
        "{'events':[{'type':'user.interrupt','thread':'x'}]}|events.0.thread: there is no such field here; known are type, session_thread_id",
        "{'events':[{'type':'user.tool_confirmation','result':'allow'}]}|events.0.tool_use_id: is required",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'maybe'}]}|events.0.result: must be allow or deny, is \"maybe\"",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'allow','deny_message':'n'}]}|events.0.deny_message: only with result \"deny\"",
        "{'events':[{'type':'user.tool_confirmation','tool_use_id':'x','result':'allow','decided_by':'me'}]}|events.0.decided_by: there is no such field here",
        "{'events':[{'type':'user.custom_tool_result','custom_tool_use_id':'x','is_error':'no'}]}|events.0.is_error: must be a boolean, is a string",
        "{'events':[{'type':'user.tool_result'}]}|events.0.tool_use_id: is required",
        "{'events':[{'type':'user.tool_result','tool_use_id':'x','custom_tool_use_id':'x'}]}|events.0.custom_tool_use_id: there is no such field here",
        "{'events':[{'type':'user.define_outcome'}]}|events.0.type: outcomes are not available yet",
        "{'events':[{'type':'system.message','content':[{'type':'text','text':'a'}]}]}|events.0: a system.message must follow",
        "{'events':[{'type':'system.message'}]}|events.0.content: is required",
        "{'events':[{'type':'system.message','content':[]}]}|events.0.content: must have 1 to 1000 entries, has 0",
        "{'events':[{'type':'system.message','content':[{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}}]}]}|events.0.content.0.type: must be one of text, is \"image\"",
        "{'events':[{'type':'user.message','content':[{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'??'}}]}]}|events.0.content.0.source.data: must be base64",
        "{'events':[{'type':'user.message','content':[{'type':'document','source':{'type':'url','url':'file:///etc/passwd'}}]}]}|source.url: must be an http or https URL",
        "{'events':[{'type':'user.interrupt'}],'more':1}|more: there is no such field here; known are events",
        "{'events':[{'type':'user.interrupt'}]} x|body: not JSON",
        "{'events':|body: not JSON",
      })
  void isRefused(String body, String message) {
    // When
    InvalidBody error = catchThrowableOfType(InvalidBody.class, () -> parse(body));
    // Then
    assertThat(error).isNotNull();
    assertThat(error).hasMessageContaining(message);
  }

  @Tag("contract-blocks")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'source':'s',|source",
        "'title':'t',|title",
        "'content':[{'type':'text','text':'x'}],|content",
        ",'citations':{'enabled':true}|citations",
        "'enabled':true|citations.enabled",
      })
  void aSearchResultHasEachOfItsFields(String without, String field) {
    // When
    InvalidBody error =
        catchThrowableOfType(
            InvalidBody.class,
            () -> parse("{'events':[" + SEARCH_RESULT.replace(without, "") + "]}"));
    // Then
    assertThat(error).hasMessage("events.0.content.0." + field + ": is required");
  }

  @Tag("contract-sent-system")
  @Test
  void aSystemMessageHasAThousandTextsAtMost() throws InvalidBody {
    // Given
    String events =
        "{'events':[" + MESSAGE + ",{'type':'system.message','content':[" + TEXT + "%s]}]}";
    // When
    SentEvents sent = parse(events.formatted(("," + TEXT).repeat(999)));
    InvalidBody error =
        catchThrowableOfType(
            InvalidBody.class, () -> parse(events.formatted(("," + TEXT).repeat(1000))));
    // Then
    assertThat(((UserEvent.SystemMessage) sent.events().getLast()).content()).hasSize(1000);
    assertThat(error).hasMessage("events.1.content: must have 1 to 1000 entries, has 1001");
  }

  @Tag("contract-sent-system")
  @Test
  void aSystemMessageIsTheOnlyOneAndTheLast() throws InvalidBody {
    // Given
    String system = "{'type':'system.message','content':[{'type':'text','text':'s'}]}";
    // When
    SentEvents sent = parse("{'events':[" + MESSAGE + "," + system + "]}");
    InvalidBody first =
        catchThrowableOfType(
            InvalidBody.class, () -> parse("{'events':[" + system + "," + MESSAGE + "]}"));
    InvalidBody twice =
        catchThrowableOfType(
            InvalidBody.class,
            () -> parse("{'events':[" + MESSAGE + "," + system + "," + system + "]}"));
    // Then
    assertThat(sent.events().getLast()).isInstanceOf(UserEvent.SystemMessage.class);
    assertThat(first).hasMessageContaining("events.0");
    assertThat(twice).hasMessageContaining("events.1");
  }

  @Tag("contract-blocks")
  @Test
  void blocksComeThroughAsTheyWere() throws InvalidBody {
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
  void onlyConfirmationsAreApprovals() throws InvalidBody {
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

  @Tag("contract-session-initial")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'user.interrupt'}|initial_events.0.type: must be user.message",
        "{'type':'user.define_outcome'}|initial_events.0.type: outcomes are not available yet",
        "{'type':'user.message','content':[]}|initial_events.0.content: must have 1 to 1000",
      })
  void firstEventsAreMessages(String event, String message) {
    // When
    InvalidBody error = catchThrowableOfType(InvalidBody.class, () -> first(event));
    // Then
    assertThat(error).hasMessageContaining(message);
  }

  @Tag("contract-session-initial")
  @Test
  void firstEventsAreFiftyAtMost() throws InvalidBody {
    // Given
    String[] many = Collections.nCopies(51, MESSAGE).toArray(new String[0]);
    // When
    List<UserEvent> fifty = first(Arrays.copyOf(many, 50));
    InvalidBody error = catchThrowableOfType(InvalidBody.class, () -> first(many));
    // Then
    assertThat(fifty).hasSize(50);
    assertThat(error).hasMessage("initial_events: must have 0 to 50 entries, has 51");
  }
}
