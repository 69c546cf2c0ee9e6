package dev.rouse.devcluster.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.devcluster.model.protocol.Doctored;
import dev.rouse.devcluster.model.talk.Fingerprint;
import dev.rouse.devcluster.model.talk.Message;
import dev.rouse.devcluster.model.talk.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOOD =
      """
      {"model": "m", "max_tokens": 10, "stream": true, "system": "s", "temperature": 0.5,
       "tools": [{"name": "bash", "description": "d", "input_schema": {"type": "object"}}],
       "messages": [
         {"role": "user", "content": "go"},
         {"role": "assistant", "content": [
           {"type": "text", "text": "so"},
           {"type": "tool_use", "id": "a", "name": "bash", "input": {"command": "ls"}}]},
         {"role": "user", "content": [
           {"type": "tool_result", "tool_use_id": "a", "is_error": true, "content": "x"},
           {"type": "image", "source": {"type": "url", "url": "u"}}]}]}
      """;

  @Test
  void readsAConversation() throws Exception {
    // When
    var request = MessagesReader.read(JSON.readTree(GOOD));
    // Then
    assertThat(request.stream()).isTrue();
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
                    new Part.ToolUse("a", "bash", JSON.readTree("{\"command\":\"ls\"}")))),
            new Message.User(
                List.of(
                    new Part.ToolResult("a", List.of(new Part.Text("x")), true),
                    new Part.Attachment(
                        JSON.readTree(
                            "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}")))));
  }

  @Test
  void takesTheLongFormsForTheSame() throws Exception {
    // Given
    var longForm = (ObjectNode) JSON.readTree(GOOD);
    longForm.set("system", JSON.readTree("[{\"type\":\"text\",\"text\":\"s\"}]"));
    var mark = JSON.readTree("{\"type\":\"ephemeral\"}");
    var messages = longForm.withArray("messages");
    ((ObjectNode) messages.get(0))
        .set("content", JSON.readTree("[{\"type\":\"text\",\"text\":\"go\"}]"));
    ((ObjectNode) messages.get(2).get("content").get(0))
        .set("content", JSON.readTree("[{\"type\":\"text\",\"text\":\"x\"}]"));
    ((ObjectNode) messages.get(2).get("content").get(1)).set("cache_control", mark);
    ((ObjectNode) messages.get(1).get("content").get(1)).set("cache_control", mark);
    // When
    var prints = Fingerprint.prefixes(MessagesReader.read(longForm).conversation());
    // Then
    assertThat(prints)
        .isEqualTo(Fingerprint.prefixes(MessagesReader.read(JSON.readTree(GOOD)).conversation()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                          | 5                     | WRONG_TYPE     | body",
        "/model                    |                       | MISSING_FIELD  | model",
        "/model                    | 7                     | WRONG_TYPE     | model",
        "/max_tokens               |                       | MISSING_FIELD  | max_tokens",
        "/max_tokens               | 0                     | BAD_MAX_TOKENS | max_tokens",
        "/max_tokens               | 1.5                   | BAD_MAX_TOKENS | max_tokens",
        "/max_token                | 1                     | UNKNOWN_FIELD  | max_token",
        "/stream                   | \"yes\"               | WRONG_TYPE     | stream",
        "/system                   | 3                     | WRONG_TYPE     | system",
        "/messages                 |                       | MISSING_FIELD  | messages",
        "/messages                 | {}                    | WRONG_TYPE     | messages",
        "/messages/0               | \"go\"                | WRONG_TYPE     | messages.0",
        "/messages/0/id            | \"x\"                 | UNKNOWN_FIELD  | messages.0.id",
        "/messages/0/role          | \"system\"            | WRONG_TYPE     | messages.0.role",
        "/messages/0/content       |                       | MISSING_FIELD  | messages.0.content",
        "/messages/0/content       | null                  | WRONG_TYPE     | messages.0.content",
        "/messages/0/role          | \"assistant\"         | OK             | -",
        "/messages/1/role          | \"user\"              | WRONG_TYPE     | messages.1.content.1.type",
        "/messages/1/content/1/id  |                       | MISSING_FIELD  | messages.1.content.1.id",
        "/messages/1/content/1/input | \"{}\"              | WRONG_TYPE     | messages.1.content.1.input",
        "/messages/1/content/1/at  | 1                     | UNKNOWN_FIELD  | messages.1.content.1.at",
        "/messages/1/content/0/text|                       | MISSING_FIELD  | messages.1.content.0.text",
        "/messages/2/content/0/type| \"tool_use\"          | WRONG_TYPE     | messages.2.content.0.type",
        "/messages/2/content/0/is_error | \"no\"           | WRONG_TYPE     | messages.2.content.0.is_error",
        "/tools/0/name             | \"a b\"               | BAD_TOOL       | tools.0",
        "/tools/0/input_schema     |                       | MISSING_FIELD  | tools.0.input_schema",
        "/tools/0/input_schema/type| \"string\"            | BAD_TOOL       | tools.0",
        "/tools/0/handler          | 1                     | UNKNOWN_FIELD  | tools.0.handler",
        "/tools/1                  | {\"name\":\"bash\",\"input_schema\":{\"type\":\"object\"}} | BAD_TOOL | tools.1"
      })
  void namesTheFieldThatIsWrong(String pointer, String value, String kind, String place)
      throws Exception {
    // Given
    JsonNode body = Doctored.json(GOOD, pointer, value);
    // When, Then
    if (kind.equals("OK")) {
      assertThat(MessagesReader.read(body)).isNotNull();
    } else {
      Doctored.assertRefused(MessagesReader::read, body, kind, place);
    }
  }

  @Test
  void refusesAFifthCacheMark() throws Exception {
    // Given
    var json = (ObjectNode) JSON.readTree(GOOD);
    var blocks = JSON.createArrayNode();
    for (int i = 0; i < 5; i++) {
      blocks.add(
          JSON.readTree("{\"type\":\"text\",\"text\":\"s\",\"cache_control\":{\"type\":\"x\"}}"));
    }
    json.set("system", blocks);
    // When, Then
    assertThatThrownBy(() -> MessagesReader.read(json))
        .hasMessage("cache_control: at most 4 blocks may carry it, found 5");
  }
}
