package dev.rouse.devcluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rouse.devcluster.model.ledger.Call;
import dev.rouse.devcluster.model.stage.IdSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples' scripts, played to their end over HTTP with tools that work on real files. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class ExamplePlayTest {

  private static final String UNKNOWN = "The outcome is unknown: the call may have run.";

  @TempDir private Path workspace;
  private ModelServer server;
  private ModelClient client;
  private Dialogue dialogue;
  private int uses;

  /** Begins a conversation in the protocol under test. */
  abstract Dialogue dialogue(ModelClient client, String model);

  @BeforeEach
  void start() throws IOException {
    server =
        ModelServer.start(
            new ModelServer.Settings(
                ExamplesTest.EXAMPLES.resolve("scripts"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                null),
            Clock.systemUTC(),
            IdSource.random());
    client = new ModelClient(server.url());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void theCoderFixesTheBugWithRealTools() throws Exception {
    // Given
    begin("02-coding-agent.yaml");
    // When
    String report = work(new Workbench(workspace));
    dialogue.user("How often did the tests run?");
    String count = work(new Workbench(workspace));
    // Then
    assertThat(report).startsWith("Fixed: 10 checks pass, none fails.");
    assertThat(count).isEqualTo("The tests ran 2 times, says runs.log.");
    assertThat(Files.readString(workspace.resolve("duration.sh"))).contains("left >= size");
    assertThat(server.calls())
        .extracting(Call::turn)
        .containsExactly(
            "save",
            "first-run",
            "find",
            "read",
            "fix",
            "second-run",
            "report",
            "count",
            "tell-count");
    assertThat(server.faults()).isEmpty();
  }

  /** Uses 0 and 1 write, 2 and 6 test, 3 greps, 4 reads, 5 edits. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void theCoderGoesOnWhenTheOutcomeOfAUseIsUnknown(int lost) throws Exception {
    // Given
    begin("02-coding-agent.yaml");
    var quick = new QuickTests(workspace);
    // When
    String withEffect = work(new Losing(quick, lost, true));
    // Then
    assertThat(withEffect).startsWith("Fixed: 10 checks pass");
    assertThat(server.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void theCoderGoesOnWhenAUseNeverTookPlace(int lost) throws Exception {
    // Given
    begin("02-coding-agent.yaml");
    // When
    String report = work(new Losing(new QuickTests(workspace), lost, false));
    // Then
    assertThat(report).startsWith("Fixed: 10 checks pass");
    assertThat(server.faults()).isEmpty();
  }

  @Test
  void theCoderGivesUpWhenNothingWorks() throws Exception {
    // Given
    begin("02-coding-agent.yaml");
    // When
    String report = work((_, _) -> new Workbench.Result("no sandbox", true));
    // Then
    assertThat(report).startsWith("I give up, the tools do not work: no sandbox");
    assertThat(server.calls()).hasSizeBetween(20, 60);
  }

  @Test
  void theGreeterSaysWhatItSaw() throws Exception {
    // Given
    begin("01-first-session.yaml");
    // When
    String greeting = work(new Workbench(workspace));
    dialogue.user("milk, eggs");
    String note = work(new Workbench(workspace));
    // Then
    assertThat(greeting).contains(System.getProperty("os.name")).contains(workspace.toString());
    assertThat(note).isEqualTo("notes.txt says:\n\nmilk, eggs");
    assertThat(server.faults()).isEmpty();
  }

  private interface Tools {
    Workbench.Result use(String tool, JsonNode input) throws Exception;
  }

  /** One of the uses ends with an unknown outcome, after it had its effect or before. */
  private final class Losing implements Tools {
    private final Workbench tools;
    private final int lost;
    private final boolean effect;

    Losing(Workbench tools, int lost, boolean effect) {
      this.tools = tools;
      this.lost = lost;
      this.effect = effect;
    }

    @Override
    public Workbench.Result use(String tool, JsonNode input) throws Exception {
      boolean now = uses == lost;
      var result = now && !effect ? null : tools.use(tool, input);
      return now || result == null ? new Workbench.Result(UNKNOWN, true) : result;
    }
  }

  /** Says what the tests would say, without their three seconds. */
  private static final class QuickTests extends Workbench {
    private final Path workspace;

    QuickTests(Path workspace) {
      super(workspace);
      this.workspace = workspace;
    }

    @Override
    Result bash(String command) throws IOException, InterruptedException {
      if (!command.equals("bash test_duration.sh")) {
        return super.bash(command);
      }
      boolean fixed =
          Files.exists(workspace.resolve("test_duration.sh"))
              && Files.readString(workspace.resolve("duration.sh")).contains("left >= size");
      return fixed
          ? new Result("10 passed, 0 failed\n", false)
          : new Result("not ok - format 60: want 1m\n8 passed, 2 failed\n", true);
    }
  }

  private void begin(String example) throws IOException {
    String model = ExamplesTest.one(example, "Agent").at("/spec/model/id").asText();
    dialogue = dialogue(client, model);
    dialogue.user(ExamplesTest.text(ExamplesTest.one(example, "Session")));
  }

  private String work(Workbench tools) throws Exception {
    return work(tools::use);
  }

  /** Asks the model and uses tools until it has nothing more to do; its last words. */
  private String work(Tools tools) throws Exception {
    while (true) {
      Dialogue.Said said = dialogue.ask();
      if (said.uses().isEmpty()) {
        return said.text();
      }
      var results = new ArrayList<Workbench.Result>();
      for (Dialogue.Use use : said.uses()) {
        results.add(tools.use(use.tool(), use.input()));
        uses++;
      }
      dialogue.results(said.uses(), results);
    }
  }
}
