package dev.rouse.devcluster.model.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScriptLoaderTest {

  @TempDir private Path directory;

  @Test
  void readsEveryKey() throws IOException {
    // Given
    Path file =
        write(
            """
            description: all of it
            turns:
              - name: first
                when: {turn: 0, turnBelow: 9, step: 1, user: "a(?<x>b)", result: c, error: true}
                say: "${match.x}"
                call:
                  - tool: bash
                    input: {command: "ls", timeout_ms: 5, restart: true, list: [1.5, null, "2"]}
                delayMs: 10
                chunkDelayMs: 20
                hold: flag
                trouble:
                  - {status: 529, retryAfter: 3, times: 2}
                  - {cutAfter: 4}
                  - {errorAfter: 5, times: 3}
              - name: second
                when: {after: [first, second]}
                say: no more
                stopReason: max_tokens
            """);
    // When
    Script script = ScriptLoader.load(file);
    // Then
    assertThat(script.model()).isEqualTo("some-model");
    Turn first = script.turns().getFirst();
    assertThat(first.when().turn()).isEqualTo(0);
    assertThat(first.when().turnBelow()).isEqualTo(9);
    assertThat(first.when().step()).isEqualTo(1);
    assertThat(first.when().user().pattern()).isEqualTo("a(?<x>b)");
    assertThat(first.when().result().pattern()).isEqualTo("c");
    assertThat(first.when().error()).isTrue();
    assertThat(first.calls()).hasSize(1);
    assertThat(first.calls().getFirst().render(_ -> "").toString())
        .isEqualTo(
            "{\"command\":\"ls\",\"timeout_ms\":5,\"restart\":true,\"list\":[1.5,null,\"2\"]}");
    assertThat(first.pace())
        .isEqualTo(
            new Pace(Duration.ofMillis(10), Duration.ofMillis(20), directory.resolve("flag")));
    assertThat(Stream.of(1, 2, 3, 4, 5, 6, 7).map(first.troubles()::at))
        .containsExactly(
            Optional.of(new Trouble.Refuse(529, Duration.ofSeconds(3))),
            Optional.of(new Trouble.Refuse(529, Duration.ofSeconds(3))),
            Optional.of(new Trouble.Cut(4)),
            Optional.of(new Trouble.Break(5)),
            Optional.of(new Trouble.Break(5)),
            Optional.of(new Trouble.Break(5)),
            Optional.empty());
    assertThat(script.turns().getLast().when().after()).containsExactly("first", "second");
    assertThat(script.turns().getLast().stopReason()).isEqualTo("max_tokens");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("turn: []", 1, "script: unknown key 'turn'; known here: description, turns"),
        mistake("turns: []", 1, "needs at least one turn"),
        mistake("- a", 1, "must be a mapping"),
        mistake("", 1, "must be a mapping"),
        mistake("turns: [", 1, "is no YAML"),
        mistake("turns: x", 1, "turns: must be a list"),
        mistake("turns:\n  - say: x", 2, "turns[0]: needs 'name'"),
        mistake("turns:\n  - name: A b\n    say: x", 2, "turns[0].name: must be lower-case"),
        mistake("turns:\n  - name: a", 2, "turns[0]: needs 'say' or 'call'"),
        mistake("turns:\n  - name: a\n    sya: x", 3, "turns[0]: unknown key 'sya'; known here:"),
        mistake("turns:\n  - name: a\n    say: x\n    say: y", 4, "key 'say' stands here twice"),
        turn("when: {users: x}", 4, "turns[0].when: unknown key 'users'"),
        turn("when: x", 4, "turns[0].when: must be a mapping"),
        turn("when: {turn: -1}", 4, "turns[0].when.turn: must be a whole number from 0"),
        turn("when: {turn: one}", 4, "turns[0].when.turn: must be a whole number"),
        turn("when: {error: yes}", 4, "turns[0].when.error: must be true or false, not 'yes'"),
        turn("when: {user: '('}", 4, "turns[0].when.user: is no regular expression"),
        turn("when: {user: [a]}", 4, "turns[0].when.user: must be one value"),
        turn("when: {after: b}", 2, "turn 'a' names turns that are not there: [b]"),
        turn("call: [{input: {}}]", 4, "turns[0].call[0]: needs 'tool'"),
        turn("call: [{tool: b, input: {a: yes}}]", 4, "input: 'yes' is no JSON value; quote it"),
        turn("call: [{tool: b, input: {a: 010}}]", 4, "input: '010' is no JSON value"),
        turn("call: [{tool: b, input: {a: 1_000}}]", 4, "input: '1_000' is no JSON value"),
        turn("call: [{tool: bash, input: x}]", 4, "turns[0].call[0].input: must be a mapping"),
        turn("call: [{tool: b, input: {a: '${b}'}}]", 4, "input: '${b}' is no reference"),
        turn("stopReason: tool_use", 4, "turns[0].stopReason: must be one of"),
        turn("trouble: [{times: 2}]", 4, "turns[0].trouble[0]: needs exactly one of"),
        turn("trouble: [{status: 529, cutAfter: 1}]", 4, "needs exactly one of"),
        turn("trouble: [{status: 200}]", 4, "must be a whole number from 400 to 599"),
        turn("trouble: [{cutAfter: 1, retryAfter: 1}]", 4, "goes with 'status' only"),
        mistake("turns:\n  - name: a\n    say: ${x}", 3, "turns[0].say: '${x}' is no reference"),
        mistake(
            "turns:\n  - name: a\n    say: ${match.x}", 2, "turn 'a' uses match.x, but neither"),
        mistake(
            "turns:\n  - name: a\n    say: ${turn.b.tool_result.0.text}",
            2,
            "turn 'a' names turns that are not there: [b]"),
        mistake(
            "turns:\n  - {name: a, say: x}\n  - {name: a, say: y}", 2, "two turns are called 'a'"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesFileLineAndMistake(String yaml, int line, String problem) throws IOException {
    // Given
    Path file = write(yaml);
    // When, Then
    assertThatThrownBy(() -> ScriptLoader.load(file))
        .isInstanceOf(ScriptException.class)
        .hasMessageStartingWith("%s:%d: ".formatted(file, line))
        .hasMessageContaining(problem);
  }

  @Test
  void loadsTheYamlFilesOfADirectoryByModel() throws IOException {
    // Given
    write("turns: [{name: a, say: x}]");
    Files.writeString(directory.resolve("README.md"), "no script");
    // When
    var scripts = ScriptLoader.loadAll(directory);
    // Then
    assertThat(scripts).containsOnlyKeys("some-model");
  }

  @Test
  void refusesADirectoryWithoutScripts() {
    assertThatThrownBy(() -> ScriptLoader.loadAll(directory))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining("holds no script");
  }

  private static Arguments mistake(String yaml, int line, String problem) {
    return Arguments.of(yaml, line, problem);
  }

  private static Arguments turn(String key, int line, String problem) {
    return mistake("turns:\n  - name: a\n    say: x\n    " + key, line, problem);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("some-model.yaml"), yaml);
  }
}
