package dev.rouse.harness.model.anthropic;

import static dev.rouse.harness.fake.Said.agent;
import static dev.rouse.harness.fake.Said.block;
import static dev.rouse.harness.fake.Said.call;
import static dev.rouse.harness.fake.Said.crossedResults;
import static dev.rouse.harness.fake.Said.request;
import static dev.rouse.harness.fake.Said.sourced;
import static dev.rouse.harness.fake.Said.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.harness.model.ModelRequest;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.UserEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transcripts in, the Messages API's history out. */
class AnthropicHistoryTest {

  private static void verify(@Nullable String summary, List<Event> transcript, String expected)
      throws Exception {
    ModelRequest request = request(summary, transcript);
    assertThat(AnthropicHistory.messages(request)).isEqualTo(new ObjectMapper().readTree(expected));
    MessagesJudge.judge(request);
  }

  @Test
  void resultsStandRightBehindTheirCallsInTheOrderOfTheCalls() throws Exception {
    verify(
        null,
        crossedResults(),
        """
        [{"role":"user","content":[{"type":"text","text":"go"}]},
         {"role":"assistant","content":[
           {"type":"text","text":"Let me see."},
           {"type":"tool_use","id":"t1","name":"bash","input":{"command":"t1"}},
           {"type":"tool_use","id":"t2","name":"bash","input":{"command":"t2"}}]},
         {"role":"user","content":[
           {"type":"tool_result","tool_use_id":"t1",
            "content":[{"type":"text","text":"one"}],"is_error":true},
           {"type":"tool_result","tool_use_id":"t2","content":[{"type":"text","text":"two"}]},
           {"type":"text","text":"also this"}]}]
        """);
  }

  @Test
  void neighboursOfOneSpeakerAreOneMessageAndBlankTextIsLeftOut() throws Exception {
    verify(
        null,
        List.of(user("one", " "), user("two"), agent(""), user("")),
        """
        [{"role":"user","content":[
          {"type":"text","text":"one"},{"type":"text","text":"two"},
          {"type":"text","text":"(no content)"}]}]
        """);
  }

  @Test
  void aCallWithoutAResultGetsOneThatSaysSo() throws Exception {
    verify(
        null,
        List.of(user("go"), call("t1"), user("and?")),
        """
        [{"role":"user","content":[{"type":"text","text":"go"}]},
         {"role":"assistant","content":[
           {"type":"tool_use","id":"t1","name":"bash","input":{"command":"t1"}}]},
         {"role":"user","content":[
           {"type":"tool_result","tool_use_id":"t1",
            "content":[{"type":"text","text":"There is no result."}],"is_error":true},
           {"type":"text","text":"and?"}]}]
        """);
  }

  @Test
  void imagesPassThroughAndRedactionsDoNot() throws Exception {
    verify(
        null,
        List.of(
            user(
                sourced("image", "url", "url", "https://example.org/a"),
                block("redacted", Map.of()))),
        """
        [{"role":"user","content":[
          {"type":"image","source":{"type":"url","url":"https://example.org/a"}}]}]
        """);
  }

  @Test
  void aMessageOfTheOperatorStandsBehindTheResults() throws Exception {
    verify(
        null,
        List.of(
            user("go"),
            call("t1"),
            new UserEvent.SystemMessage("s", List.of(ContentBlock.text("Stop soon.")))),
        """
        [{"role":"user","content":[{"type":"text","text":"go"}]},
         {"role":"assistant","content":[
           {"type":"tool_use","id":"t1","name":"bash","input":{"command":"t1"}}]},
         {"role":"user","content":[
           {"type":"tool_result","tool_use_id":"t1",
            "content":[{"type":"text","text":"There is no result."}],"is_error":true},
           {"type":"text","text":"Message of the operator of this system:"},
           {"type":"text","text":"Stop soon."}]}]
        """);
  }

  @Test
  void aSummaryComesFirst() throws Exception {
    verify(
        "They greeted.",
        List.of(agent("hi"), user("bye")),
        """
        [{"role":"user","content":[
           {"type":"text","text":"Summary of the conversation so far:\\nThey greeted."}]},
         {"role":"assistant","content":[{"type":"text","text":"hi"}]},
         {"role":"user","content":[{"type":"text","text":"bye"}]}]
        """);
  }
}
