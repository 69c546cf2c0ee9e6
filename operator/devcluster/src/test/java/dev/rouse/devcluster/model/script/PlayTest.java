package dev.rouse.devcluster.model.script;

import static dev.rouse.devcluster.model.talk.Talk.failure;
import static dev.rouse.devcluster.model.talk.Talk.result;
import static dev.rouse.devcluster.model.talk.Talk.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.devcluster.model.talk.Answer;
import dev.rouse.devcluster.model.talk.Part;
import dev.rouse.devcluster.model.talk.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlayTest {

  @TempDir private Path directory;

  @Test
  void playsTheFirstTurnThatFits() throws IOException {
    // Given
    var play =
        script(
            """
            - {name: hello, when: {user: ^hello}, say: x}
            - {name: other, when: {user: .}, say: x}
            """);
    // When
    var turns = List.of(turn(play, Talk.of("well\nhello you")), turn(play, Talk.of("oh, hello")));
    // Then
    assertThat(turns).containsExactly("hello", "other");
  }

  @Test
  void countsTurnsInAllAndSinceAPersonSpoke() throws IOException {
    // Given
    var play =
        script(
            """
            - {name: zero, when: {turn: 0}, say: x}
            - {name: late, when: {turn: 3, step: 0}, say: x}
            - {name: early, when: {turnBelow: 2}, say: x}
            - {name: step-two, when: {step: 2}, say: x}
            """);
    var talk = Talk.of("go");
    // When
    var turns =
        List.of(
            turn(play, talk),
            turn(play, talk.ran("a", "ls", "x")),
            turn(play, talk.ran("b", "ls", "x")),
            turn(play, talk.says("done").user("and now")),
            turn(play, talk.ran("c", "ls", "x")));
    // Then
    assertThat(turns).containsExactly("zero", "early", "step-two", "late", "none");
  }

  @Test
  void findsTheTurnPlayedLastByPlayingAgain() throws IOException {
    // Given
    var play =
        script(
            """
            - {name: start, when: {turn: 0}, say: x}
            - {name: middle, when: {after: start}, say: x}
            - {name: end, when: {after: [middle, end]}, say: x}
            """);
    var talk = Talk.of("go");
    // When
    var turns =
        List.of(
            turn(play, talk),
            turn(play, talk.ran("a", "ls", "x")),
            turn(play, talk.ran("b", "ls", "x")),
            turn(play, talk.ran("c", "ls", "x")));
    // Then
    assertThat(turns).containsExactly("start", "middle", "end", "end");
  }

  @Test
  void looksAtAllResultsOfTheLastMessage() throws IOException {
    // Given
    var play =
        script(
            """
            - {name: failed, when: {error: true, result: boom}, say: x}
            - {name: fine, when: {error: false, result: ok}, say: x}
            """);
    var talk = Talk.of("go").says(use("a", "1"), use("b", "2"));
    // When
    String mixed =
        turn(
            play,
            Talk.of("go")
                .says(use("a", "1"), use("b", "2"))
                .user(result("a", "ok"), failure("b", "boom")));
    String good = turn(play, talk.user(result("a", "-"), result("b", "ok")));
    // Then
    assertThat(mixed).isEqualTo("failed");
    assertThat(good).isEqualTo("fine");
  }

  @Test
  void fillsInWhatWasReallySaid() throws IOException {
    // Given
    var play =
        script(
            """
            - name: start
              when: {turn: 0}
              say: x
            - name: answer
              when: {result: "(?<n>\\\\d+) of (?<m>\\\\d+)(?<rest>!)?"}
              say: "${match.n}/${match.m}${match.rest} ${tool_result.0.line.-1} ${user.text}"
              call:
                - tool: write
                  input: {file_path: a, lines: ["${turn.start.tool_result.0.line.1}"]}
            """);
    var talk = Talk.of("go on").ran("a", "ls", "first\n3 of 4\nlast\n");
    // When
    Answer answer = answer(play, talk);
    // Then
    assertThat(answer.stopReason()).isEqualTo("tool_use");
    assertThat(answer.parts().getFirst()).isEqualTo(new Part.Text("3/4 last go on"));
    var call = (Part.ToolUse) answer.parts().getLast();
    assertThat(call.id()).isEqualTo("toolu_x");
    assertThat(call.input().toString()).isEqualTo("{\"file_path\":\"a\",\"lines\":[\"first\"]}");
  }

  @Test
  void takesNamedCodeBlocksFromWhatAPersonSent() throws IOException {
    // Given
    var play = script("- {name: a, call: [{tool: write, input: {c: '${user.block.b.sh}'}}]}");
    var talk =
        Talk.of("see\n```bash ab.sh\nno\n```\n````bash b.sh\n```\nyes ${x}\n````\nthanks")
            .ran("a", "ls", "x")
            .says("done")
            .user("and b.sh again");
    // When
    Answer answer = answer(play, talk);
    // Then
    var call = (Part.ToolUse) answer.parts().getFirst();
    assertThat(call.input().path("c").textValue()).isEqualTo("```\nyes ${x}\n");
  }

  @Test
  void saysWhatATurnLacks() throws IOException {
    // Given
    var block = script("- {name: a, say: '${user.block.b.sh}'}");
    var result = script("- {name: a, say: '${tool_result.0.text}'}");
    var line = script("- {name: a, say: '${tool_result.0.line.3}'}");
    var nothing = script("- {name: a, say: '${tool_result.0.text}'}");
    // When, Then
    assertThatThrownBy(() -> answer(block, Talk.of("x")))
        .isInstanceOf(UnplayableException.class)
        .hasMessage("nobody has sent a code block 'b.sh'");
    assertThatThrownBy(() -> answer(result, Talk.of("x")))
        .hasMessage("tool result 0 of the last message was asked for, but there are 0");
    assertThatThrownBy(() -> answer(line, Talk.of("x").ran("a", "ls", "1\n2")))
        .hasMessage("line 3 of a tool result was asked for, but it has 2");
    assertThatThrownBy(() -> answer(nothing, Talk.of("x").ran("a", "ls", " ")))
        .hasMessageContaining("blank once its references are filled in");
  }

  @Test
  void findsNothingWhereNothingFits() throws IOException {
    // Given
    var play = script("- {name: a, when: {turn: 5}, say: x}");
    // When
    var choice = play.choose(Talk.of("x").talk());
    // Then
    assertThat(choice).isEqualTo(Optional.empty());
  }

  private Play script(String turns) throws IOException {
    return new Play(
        ScriptLoader.load(
            Files.writeString(
                directory.resolve("m.yaml"), "turns:\n" + turns.stripTrailing().indent(2))));
  }

  private static String turn(Play play, Talk talk) {
    return play.choose(talk.talk()).map(choice -> choice.turn().name()).orElse("none");
  }

  private static Answer answer(Play play, Talk talk) {
    return play.choose(talk.talk()).orElseThrow().answer(() -> "toolu_x");
  }
}
