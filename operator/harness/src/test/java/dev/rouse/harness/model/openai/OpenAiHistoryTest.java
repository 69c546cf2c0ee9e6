package dev.rouse.harness.model.openai;

import static dev.rouse.harness.fake.Said.agent;
import static dev.rouse.harness.fake.Said.block;
import static dev.rouse.harness.fake.Said.call;
import static dev.rouse.harness.fake.Said.crossedResults;
import static dev.rouse.harness.fake.Said.request;
import static dev.rouse.harness.fake.Said.result;
import static dev.rouse.harness.fake.Said.sourced;
import static dev.rouse.harness.fake.Said.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.AgentEvent;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transcripts in, chat messages out. */
class OpenAiHistoryTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static void verify(@Nullable String summary, List<Event> transcript, String expected)
      throws Exception {
    ModelRequest request = request(summary, transcript);
    assertThat(OpenAiHistory.messages(request)).isEqualTo(new ObjectMapper().readTree(expected));
    ChatJudge.judge(request);
  }

  @Test
  void resultsStandRightBehindTheirCallsInTheOrderOfTheCalls() throws Exception {
    verify(
        null,
        crossedResults(),
        """
        [{"role":"user","content":"go"},
         {"role":"assistant","content":"Let me see.","tool_calls":[
           {"id":"t1","type":"function",
            "function":{"name":"bash","arguments":"{\\"command\\":\\"t1\\"}"}},
           {"id":"t2","type":"function",
            "function":{"name":"bash","arguments":"{\\"command\\":\\"t2\\"}"}}]},
         {"role":"tool","tool_call_id":"t1","content":"The tool call failed:\\none"},
         {"role":"tool","tool_call_id":"t2","content":"two"},
         {"role":"user","content":"also this"}]
        """);
  }

  @Test
  void neighboursOfOneSpeakerAreOneMessageAndBlankTextIsLeftOut() throws Exception {
    verify(
        null,
        List.of(user("one", " "), user("two"), agent(""), user("")),
        """
        [{"role":"user","content":"one\\ntwo\\n(no content)"}]
        """);
  }

  @Test
  void aCallWithoutAResultGetsOneThatSaysSo() throws Exception {
    verify(
        null,
        List.of(user("go"), call("t1"), user("and?")),
        """
        [{"role":"user","content":"go"},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"t1","type":"function",
            "function":{"name":"bash","arguments":"{\\"command\\":\\"t1\\"}"}}]},
         {"role":"tool","tool_call_id":"t1",
          "content":"The tool call failed:\\nThere is no result."},
         {"role":"user","content":"and?"}]
        """);
  }

  @Test
  void theResultOfACustomToolIsOneLikeAnother() throws Exception {
    verify(
        null,
        List.of(
            user("go"),
            new AgentEvent.CustomToolUse("c1", "ask_boss", JSON.objectNode(), null),
            new UserEvent.CustomToolResult(
                "r1", "c1", List.of(ContentBlock.text("fine")), null, null)),
        """
        [{"role":"user","content":"go"},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"c1","type":"function","function":{"name":"ask_boss","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"c1","content":"fine"}]
        """);
  }

  @Test
  void aNameThatNoProviderTakesIsMadeOne() throws Exception {
    verify(
        null,
        List.of(user("go"), call("t1", "bash<|x|>"), result("t1", "no such tool", false)),
        """
        [{"role":"user","content":"go"},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"t1","type":"function",
            "function":{"name":"bash__x__","arguments":"{\\"command\\":\\"t1\\"}"}}]},
         {"role":"tool","tool_call_id":"t1","content":"no such tool"}]
        """);
  }

  @Test
  void imagesAreShownAsUrls() throws Exception {
    verify(
        null,
        List.of(
            user(
                ContentBlock.text("Look:"),
                sourced("image", "url", "url", "https://example.org/a"),
                sourced("image", "base64", "media_type", "image/png", "data", "QUJD"))),
        """
        [{"role":"user","content":[
          {"type":"text","text":"Look:"},
          {"type":"image_url","image_url":{"url":"https://example.org/a"}},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]}]
        """);
  }

  @Test
  void imagesOfResultsFollowInTheUsersMessage() throws Exception {
    verify(
        null,
        List.of(
            user("go"),
            call("t1"),
            call("t2"),
            result(
                "t1", false, sourced("image", "base64", "media_type", "image/png", "data", "QQ")),
            result("t2", "two", false)),
        """
        [{"role":"user","content":"go"},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"t1","type":"function",
            "function":{"name":"bash","arguments":"{\\"command\\":\\"t1\\"}"}},
           {"id":"t2","type":"function",
            "function":{"name":"bash","arguments":"{\\"command\\":\\"t2\\"}"}}]},
         {"role":"tool","tool_call_id":"t1",
          "content":"(an image; it follows in the user's next message)"},
         {"role":"tool","tool_call_id":"t2","content":"two"},
         {"role":"user","content":[
           {"type":"text","text":"From the result of call t1:"},
           {"type":"image_url","image_url":{"url":"data:image/png;base64,QQ"}}]}]
        """);
  }

  @Test
  void documentsAndSearchResultsAreTextOrAreNamed() throws Exception {
    // Given
    ContentBlock.Other plain = sourced("document", "text", "data", "All of it.");
    ContentBlock.Other titled =
        block(
            "document",
            Map.of(
                "source",
                plain.fields().get("source"),
                "title",
                JSON.textNode("Plan"),
                "context",
                JSON.textNode("a draft")));
    ContentBlock.Other found =
        block(
            "search_result",
            Map.of(
                "title", JSON.textNode("T"),
                "source", JSON.textNode("https://example.org"),
                "content", JSON.arrayNode().add(JSON.objectNode().put("text", "hit"))));
    // When, Then
    verify(
        null,
        List.of(
            user(
                plain,
                titled,
                sourced("document", "base64", "media_type", "application/pdf", "data", "QQ"),
                sourced("image", "file", "file_id", "file_1"),
                found)),
        """
        [{"role":"user","content":"Document:\\nAll of it.\\n\
        Document \\"Plan\\" (a draft):\\nAll of it.\\n\
        (Not shown: document of type application/pdf. The provider of this model cannot take it. Say so if it matters.)\\n\
        (Not shown: image. The provider of this model cannot take it. Say so if it matters.)\\n\
        Search result \\"T\\" (https://example.org):\\nhit"}]
        """);
  }

  @Test
  void aSummaryComesFirst() throws Exception {
    verify(
        "They greeted.",
        List.of(agent("hi"), user("bye")),
        """
        [{"role":"user","content":"Summary of the conversation so far:\\nThey greeted."},
         {"role":"assistant","content":"hi"},
         {"role":"user","content":"bye"}]
        """);
  }
}
