package dev.rouse.devcluster.model.judge;

import static dev.rouse.devcluster.model.talk.Talk.result;
import static dev.rouse.devcluster.model.talk.Talk.use;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.devcluster.model.talk.Part;
import dev.rouse.devcluster.model.talk.Talk;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {

  static Stream<Arguments> faults() {
    var elsewhere = new Part.ToolUse("a", "rm", JsonNodeFactory.instance.objectNode());
    var emptyResult = new Part.ToolResult("a", List.of(new Part.Text("")), false);
    return Stream.of(
        fault(Talk.empty(), FaultKind.EMPTY_CONTENT, "messages"),
        fault(Talk.empty().says("hi").user("x"), FaultKind.ROLES_OUT_OF_TURN, "messages.0"),
        fault(Talk.of("x").user("y"), FaultKind.ROLES_OUT_OF_TURN, "messages.1"),
        fault(
            Talk.of("x").says("a").says("b").user("c"), FaultKind.ROLES_OUT_OF_TURN, "messages.2"),
        fault(Talk.of("x").says("a"), FaultKind.NOTHING_TO_ANSWER, "messages"),
        fault(Talk.of(" \n"), FaultKind.EMPTY_CONTENT, "messages.0.content.0"),
        fault(Talk.empty().user(new Part[0]), FaultKind.EMPTY_CONTENT, "messages.0"),
        fault(Talk.of("x").says("").user("y"), FaultKind.EMPTY_CONTENT, "messages.1.content.0"),
        fault(
            Talk.of("x").says(use("a", "ls")).user(emptyResult),
            FaultKind.EMPTY_CONTENT,
            "messages.2.content.0"),
        fault(Talk.of("x").ran("a.b", "ls", "y"), FaultKind.BAD_TOOL_USE_ID, "messages.1"),
        fault(Talk.of("x").ran("", "ls", "y"), FaultKind.BAD_TOOL_USE_ID, "messages.1"),
        fault(Talk.of("x").ran("a".repeat(65), "ls", "y"), FaultKind.BAD_TOOL_USE_ID, "messages.1"),
        fault(
            Talk.of("x").ran("a", "ls", "y").ran("a", "ls", "y"),
            FaultKind.DUPLICATE_TOOL_USE_ID,
            "messages.3"),
        fault(
            Talk.of("x").says(elsewhere).user(result("a", "y")),
            FaultKind.TOOL_NOT_OFFERED,
            "messages.1"),
        fault(
            Talk.of("x").says(use("a", "1"), use("b", "2")).user(result("a", "y")),
            FaultKind.TOOL_RESULT_MISSING,
            "messages.2"),
        fault(
            Talk.of("x").says(use("a", "1")).user("never mind"),
            FaultKind.TOOL_RESULT_MISSING,
            "messages.2"),
        fault(Talk.empty().user(result("a", "y")), FaultKind.TOOL_RESULT_UNKNOWN, "messages.0"),
        fault(
            Talk.of("x")
                .ran("a", "1", "y")
                .says(use("b", "2"))
                .user(result("b", "y"), result("a", "y")),
            FaultKind.TOOL_RESULT_UNKNOWN,
            "messages.4"),
        fault(
            Talk.of("x").says(use("a", "1")).user(result("a", "y"), result("a", "y")),
            FaultKind.TOOL_RESULT_TWICE,
            "messages.2"),
        fault(
            Talk.of("x").says(use("a", "1")).user(new Part.Text("here"), result("a", "y")),
            FaultKind.TOOL_RESULTS_NOT_FIRST,
            "messages.2"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesTheFaultAndItsPlace(Talk talk, FaultKind kind, String place) {
    assertThatThrownBy(() -> Rules.check(talk.talk()))
        .hasMessageStartingWith(place + ": ")
        .asInstanceOf(InstanceOfAssertFactories.type(FaultException.class))
        .extracting(FaultException::kind)
        .isEqualTo(kind);
  }

  @Test
  void hasNothingAgainstAGoodConversation() {
    // Given
    var talk =
        Talk.of("x")
            .says(new Part.Text("so"), use("a", "1"), use("b", "2"))
            .user(
                result("b", "y"),
                new Part.ToolResult("a", List.of(), true),
                new Part.Text("and hurry"))
            .says("done")
            .user("thanks");
    // When, Then
    assertThatCode(() -> Rules.check(talk.talk())).doesNotThrowAnyException();
  }

  private static Arguments fault(Talk talk, FaultKind kind, String place) {
    return Arguments.of(talk, kind, place);
  }
}
