package dev.rouse.devcluster.model.talk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"b\":2}      | {\"b\":2,\"a\":1}     | true",
        "{\"a\":1}              | {\"a\":1.0}           | true",
        "{\"a\":100}            | {\"a\":1e2}           | true",
        "{\"a\":[1,2]}          | {\"a\":[2,1]}         | false",
        "{\"a\":\"1\"}          | {\"a\":1}             | false",
        "{\"a\":null}           | {}                    | false",
        "{\"a\":null}           | {\"a\":\"null\"}      | false",
        "{\"a\":\"b,c\"}        | {\"a\":\"b\",\"c\":1} | false",
        "{\"cache_control\":1}  | {}                    | false"
      })
  void inputsAreEqualWhenTheirMeaningIs(String left, String right, boolean equal) throws Exception {
    // Given
    var one = new Part.ToolUse("id", "bash", JSON.readTree(left));
    var other = new Part.ToolUse("id", "bash", JSON.readTree(right));
    // When
    boolean same = Fingerprint.answer(List.of(one)).equals(Fingerprint.answer(List.of(other)));
    // Then
    assertThat(same).isEqualTo(equal);
  }

  @Test
  void anAnswerIsTheSameUnderOtherIds() {
    // When
    String one = Fingerprint.answer(List.of(new Part.Text("so"), Talk.use("toolu_1", "ls")));
    String other = Fingerprint.answer(List.of(new Part.Text("so"), Talk.use("sevt_9", "ls")));
    // Then
    assertThat(one).isEqualTo(other);
    assertThat(one)
        .isNotEqualTo(Fingerprint.answer(List.of(Talk.use("toolu_1", "ls"), new Part.Text("so"))));
  }

  @Test
  void aLongerConversationKeepsThePrefixesOfTheShorterOne() {
    // Given
    var talk = Talk.of("go").ran("a", "ls", "x");
    var shorter = Fingerprint.prefixes(talk.talk());
    // When
    var longer = Fingerprint.prefixes(talk.says("done").user("thanks").talk());
    // Then
    assertThat(longer)
        .startsWith(shorter.toArray(String[]::new))
        .hasSize(6)
        .doesNotHaveDuplicates();
  }

  @Test
  void idsModelSystemAndRolesCount() {
    // Given
    var one = Talk.of("go").ran("a", "ls", "x").talk();
    var otherId = Talk.of("go").ran("b", "ls", "x").talk();
    var otherSystem = Talk.of("go").system("be bad").ran("a", "ls", "x").talk();
    var otherModel = new Conversation("n", one.system(), one.messages(), Set.of());
    // When
    var prints =
        List.of(one, otherId, otherSystem, otherModel).stream()
            .map(talk -> Fingerprint.prefixes(talk).getLast())
            .toList();
    // Then
    assertThat(prints).doesNotHaveDuplicates();
  }

  @Test
  void theToolsOfferedDoNotCount() {
    // Given
    var talk = Talk.of("go").talk();
    var fewer = new Conversation(talk.model(), talk.system(), talk.messages(), Set.of());
    // When
    var prints = Fingerprint.prefixes(fewer);
    // Then
    assertThat(prints).isEqualTo(Fingerprint.prefixes(talk));
  }
}
