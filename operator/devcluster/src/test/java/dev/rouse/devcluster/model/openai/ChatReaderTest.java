package dev.rouse.devcluster.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.devcluster.model.protocol.Doctored;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOOD =
      """
      {"model": "m", "max_tokens": 10, "stream": true, "stream_options": {"include_usage": true},
       "reasoning_effort": "high",
       "tools": [{"type": "function",
         "function": {"name": "bash", "description": "d", "parameters": {"type": "object"}}}],
       "messages": [
         {"role": "system", "content": "s"},
         {"role": "user", "content": "go"},
         {"role": "assistant", "content": "so", "tool_calls": [
           {"id": "a", "type": "function",
            "function": {"name": "bash", "arguments": "{\\"command\\":\\"ls\\"}"}},
           {"id": "b", "type": "function", "function": {"name": "bash", "arguments": "{}"}}]},
         {"role": "tool", "tool_call_id": "a", "content": "The tool call failed:\\nx"},
         {"role": "tool", "tool_call_id": "b", "content": ""},
         {"role": "user", "content": [
           {"type": "text", "text": "see"},
           {"type": "image_url", "image_url": {"url": "u"}}]}]}
      """;

  @Test
  void readsAConversation() throws Exception {
    // When
    var request = ChatReader.read(JSON.readTree(GOOD));
    // Then
    assertThat(request.stream()).isTrue();
    assertThat(request.countTokens()).isTrue();
    var talk = request.conversation();
    assertThat(talk.model()).isEqualTo("m");
    assertThat(talk.system()).isEqualTo("s");
    assertThat(talk.tools()).containsExactly("bash");
    assertThat(talk.messages())
        .containsExactly(
            new Message.User(List.of(new Part.Text("go"))),
            new Message.Assistant(
                List.of(
                    new Part.Text("so"),
                    new Part.ToolUse("a", "bash", JSON.readTree("{\"command\":\"ls\"}")),
                    new Part.ToolUse("b", "bash", JSON.readTree("{}")))),
            new Message.User(
                List.of(
                    new Part.ToolResult("a", List.of(new Part.Text("x")), true),
                    new Part.ToolResult("b", List.of(), false),
                    new Part.Text("see"),
                    new Part.Attachment(
                        JSON.readTree("{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}")))));
  }

  @ParameterizedTest
  @CsvSource({
    "/max_tokens,",
    "/messages/0,'{\"role\":\"developer\",\"content\":\"s\"}'",
    "/messages/1/content,'[{\"type\":\"text\",\"text\":\"go\"}]'",
    "/messages/2/content,",
    "/messages/2/content,null",
    "/messages/2/content,'\"\"'",
    "/stream_options,",
    "/tools/0/function/parameters,",
  })
  void takesWhatMayAsWellBeSo(String pointer, String value) throws Exception {
    // Given
    JsonNode body = Doctored.json(GOOD, pointer, value);
    // When
    var request = ChatReader.read(body);
    // Then
    assertThat(request.conversation().messages()).hasSize(3);
    assertThat(request.conversation().system()).isEqualTo("s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                          | 5                     | WRONG_TYPE     | body",
        "/model                    |                       | MISSING_FIELD  | model",
        "/max_tokens               | 0                     | BAD_MAX_TOKENS | max_tokens",
        "/max_completion_tokens    | 1                     | BAD_MAX_TOKENS | max_tokens",
        "/system                   | \"s\"                 | UNKNOWN_FIELD  | system",
        "/stream                   | false                 | UNKNOWN_FIELD  | stream_options",
        "/stream_options/x         | 1                     | UNKNOWN_FIELD  | stream_options.x",
        "/messages                 |                       | MISSING_FIELD  | messages",
        "/messages/0/role          | \"robot\"             | WRONG_TYPE     | messages.0.role",
        "/messages/1/role          | \"tool\"              | MISSING_FIELD  | messages.1.tool_call_id",
        "/messages/1/content       | null                  | WRONG_TYPE     | messages.1.content",
        "/messages/1/content       | []                    | EMPTY_CONTENT  | messages.1",
        "/messages/2/role          | \"user\"              | UNKNOWN_FIELD  | messages.2.tool_calls",
        "/messages/2/tool_calls/0/id |                     | MISSING_FIELD  | messages.2.tool_calls.0.id",
        "/messages/2/tool_calls/0/input | {}               | UNKNOWN_FIELD  | messages.2.tool_calls.0.input",
        "/messages/2/tool_calls/0/function/arguments | {}  | WRONG_TYPE     | messages.2.tool_calls.0.function.arguments",
        "/messages/2/tool_calls/0/function/arguments | \"[]\" | WRONG_TYPE  | messages.2.tool_calls.0.function.arguments",
        "/messages/2/tool_calls/0/function/arguments | \"{\" | WRONG_TYPE   | messages.2.tool_calls.0.function.arguments",
        "/messages/3               | {\"role\":\"user\",\"content\":\"x\"} | TOOL_RESULTS_NOT_FIRST | messages.4",
        "/messages/3               | {\"role\":\"system\",\"content\":\"x\"} | ROLES_OUT_OF_TURN | messages.3",
        "/messages/3/content       |                       | MISSING_FIELD  | messages.3.content",
        "/messages/3/content       | [{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}] | WRONG_TYPE | messages.3.content.0.type",
        "/messages/3/is_error      | true                  | UNKNOWN_FIELD  | messages.3.is_error",
        "/messages/6               | {\"role\":\"user\",\"content\":\"x\"} | ROLES_OUT_OF_TURN | messages.6",
        "/messages/5/content/1/image_url | \"u\"           | WRONG_TYPE     | messages.5.content.1.image_url",
        "/tools                    | []                    | BAD_TOOL       | tools",
        "/tools/0/type             | \"custom\"            | BAD_TOOL       | tools.0",
        "/tools/0/function/name    | \"a b\"               | BAD_TOOL       | tools.0.function",
        "/tools/0/function/handler | 1                     | UNKNOWN_FIELD  | tools.0.function.handler",
        "/tools/0/function/parameters/type | \"string\"    | BAD_TOOL       | tools.0.function",
        "/tools/1                  | {\"type\":\"function\",\"function\":{\"name\":\"bash\"}} | BAD_TOOL | tools.1.function"
      })
  void namesTheFieldThatIsWrong(String pointer, String value, String kind, String place)
      throws Exception {
    // Given
    JsonNode body = Doctored.json(GOOD, pointer, value);
    // When, Then
    Doctored.assertRefused(ChatReader::read, body, kind, place);
  }
}
