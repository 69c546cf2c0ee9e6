package dev.rouse.devcluster.model.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.devcluster.model.script.Template.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  @Test
  void knowsEveryKindOfReference() {
    // When
    var template =
        Template.parse(
            "${user.text}${user.block.a b.sh}${match.x}${tool_result.0.text}${tool_result.2.line.-1}${turn.first-run.tool_result.1.line.3}");
    // Then
    assertThat(template.references())
        .containsExactly(
            new Reference.UserText(),
            new Reference.UserBlock("a b.sh"),
            new Reference.Group("x"),
            new Reference.Result(null, 0, null),
            new Reference.Result(null, 2, -1),
            new Reference.Result("first-run", 1, 3));
  }

  @Test
  void rendersValuesAndLeavesTheRestAlone() {
    // Given
    var template = Template.parse("$HOME $(ls) $${HOME} {${user.text}} $");
    // When
    String text = template.render(_ -> "${user.text} $1 \\");
    // Then
    assertThat(text).isEqualTo("$HOME $(ls) ${HOME} {${user.text} $1 \\} $");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${HOME}",
        "${}",
        "${tool_result.text}",
        "${tool_result.0}",
        "${tool_result.0.line.0}",
        "${match.}",
        "${turn.X.tool_result.0.text}"
      })
  void refusesWhatIsNoReference(String text) {
    assertThatThrownBy(() -> Template.parse("so " + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is no reference")
        .hasMessageContaining("$${");
  }
}
