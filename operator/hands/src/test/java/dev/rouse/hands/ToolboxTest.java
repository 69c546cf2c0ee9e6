package dev.rouse.hands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.hands.bash.BashTool;
import dev.rouse.hands.tool.Workspace;
import dev.rouse.session.Ids;
import dev.rouse.session.tools.AgentToolset;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolboxTest {

  @Test
  void theHandsHaveExactlyTheToolsThatTheModelIsOffered(@TempDir Path directory) throws Exception {
    // Given
    Workspace workspace = Workspace.open(directory);
    BashTool bash = new BashTool(workspace, Map.of(), Ids.random(), "hands_test", false);

    // When
    var names = Hands.toolbox(workspace, bash, Map.of()).names();

    // Then
    assertThat(names).containsExactlyElementsOf(AgentToolset.names());
  }
}
