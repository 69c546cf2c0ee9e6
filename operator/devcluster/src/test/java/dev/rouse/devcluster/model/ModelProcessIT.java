package dev.rouse.devcluster.model;

import static dev.rouse.devcluster.model.ModelClient.add;
import static dev.rouse.devcluster.model.ModelClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, killed and started again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ModelProcessIT {

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void aKilledModelGoesOnFromItsRecord() throws Exception {
    // Given
    Files.writeString(
        directory.resolve("m.yaml"),
        "turns: [{name: a, say: first, when: {turn: 0}}, {name: b, say: second}]");
    Path record = directory.resolve("record");
    var known = request("m", "go");
    var before = run("--scripts", directory.toString(), "--record", record.toString());
    try (var client = new ModelClient(before)) {
      client.post(known);
    }
    processes.getFirst().destroyForcibly().waitFor();
    // When
    var after = run("--scripts", directory.toString(), "--record", record.toString());
    try (var client = new ModelClient(after)) {
      add(known, "assistant", "first");
      add(known, "user", "more");
      var invented = request("m", "go");
      add(invented, "assistant", "something else");
      add(invented, "user", "more");
      int good = client.post(known).statusCode();
      int bad = client.post(invented).statusCode();
      // Then
      assertThat(List.of(good, bad)).containsExactly(200, 400);
      assertThat(client.get("/calls").findValuesAsText("turn")).containsExactly("a", "b");
      assertThat(client.get("/faults").findValuesAsText("kind")).containsExactly("invented_answer");
    }
  }

  @Test
  void aScriptThatIsNotRightEndsTheProgramWithItsPlace() throws Exception {
    // Given
    Path script = Files.writeString(directory.resolve("m.yaml"), "turns:\n  - nam: a\n");
    // When
    Process process = launch("--scripts", directory.toString());
    String error = new String(process.getErrorStream().readAllBytes());
    // Then
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(error).contains(script + ":2: turns[0]: unknown key 'nam'");
  }

  private URI run(String... args) throws IOException {
    return URI.create(launch(args).inputReader().readLine());
  }

  private Process launch(String... args) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    return process;
  }
}
