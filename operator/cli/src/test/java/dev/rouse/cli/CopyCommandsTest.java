package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** export, import, fork and move, over real HTTP. */
class CopyCommandsTest extends CommandFixture {

  @TempDir private Path files;
  private StandInCopies copies;

  @BeforeEach
  void serve() throws Exception {
    copies = new StandInCopies();
    server.serve(StandInCopies.PATH, copies);
  }

  private Path exported() {
    Path file = files.resolve("fix.jsonl");
    assertThat(call("export", "fix", "-o", file.toString())).as(err.toString()).isZero();
    return file;
  }

  @Test
  void export_writes_what_the_server_sends() throws Exception {
    // When
    Path file = exported();
    // Then
    assertThat(file).hasBinaryContent(copies.file());
    assertThat(out.toString()).isEqualTo("exported 2 records to " + file + "\n");
  }

  @Test
  void an_export_that_breaks_off_leaves_no_file() {
    // Given
    copies.cut(10);
    Path file = files.resolve("fix.jsonl");
    // When
    int code = call("export", "fix", "-o", file.toString());
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("not a whole session: line 4: the file was cut");
    assertThat(files).isEmptyDirectory();
  }

  @Test
  void import_brings_the_records_and_then_ends() throws Exception {
    // Given
    Path file = exported();
    // When
    int code = call("import", file.toString(), "--name", "copy");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(copies.calls).containsExactly("begin copy", "records 2", "end import 1");
    assertThat(copies.brought.values()).containsExactly(Files.readAllLines(file).subList(1, 3));
    assertThat(copies.wish.at("/budget/max_list_cost/amount").asText()).isEqualTo("250");
    assertThat(out.toString()).contains("imported session copy: import_");
  }

  @Test
  void an_import_that_was_done_is_not_done_again() {
    // Given
    Path file = exported();
    call("import", file.toString());
    copies.calls.clear();
    // When
    int code = call("import", file.toString());
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(copies.calls).containsExactly("begin fix");
    assertThat(out.toString()).contains("session fix holds this file already");
  }

  @Test
  void nothing_is_begun_with_a_file_that_is_not_whole() throws Exception {
    // Given
    Path file = exported();
    Files.writeString(file, Files.readString(file).replace("hello", "holla"));
    // When
    int code = call("import", file.toString());
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("fix.jsonl: line 4: sha256: the file was changed");
    assertThat(copies.calls).isEmpty();
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    // When
    int code = call("import", files.resolve("none").toString());
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("there is no file " + files.resolve("none"));
  }

  @Test
  void fork_says_at_which_record() {
    // When
    int first = call("fork", "fix", "--at", "12", "--name", "forked");
    int second = call("fork", "fix", "--at", "sevt_1", "--name", "forked");
    // Then
    assertThat(List.of(first, second)).as(err.toString()).containsOnly(0);
    assertThat(copies.calls)
        .containsExactly(
            "fork {\"name\":\"forked\",\"seq\":12}",
            "fork {\"name\":\"forked\",\"event_id\":\"sevt_1\"}");
    assertThat(out.toString()).contains("forked session forked: sesn_fork");
  }

  @Test
  void move_lets_the_source_go_before_the_target_appears() {
    // When
    int code = call("move", "fix", "--name", "there");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(copies.calls)
        .containsExactly("begin there", "records 2", "move 1 there", "end move 1");
    assertThat(out.toString()).contains("moved session fix to team-a/there");
  }

  @Test
  void move_takes_along_what_came_while_it_copied() {
    // Given
    copies.goesOnBeforeItIsMoved();
    // When
    int code = call("move", "fix", "--name", "there");
    // Then
    assertThat(code).as(err.toString()).isZero();
    assertThat(copies.calls)
        .containsExactly(
            "begin there", "records 2", "move 1 there", "records 1", "move 2 there", "end move 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"export", "begin", "records", "move", "end"})
  void move_is_finished_by_running_it_again_wherever_it_died(String step) {
    // Given
    copies.diesAt(step);
    int died = call("move", "fix", "--name", "there");
    // When
    int again = call("move", "fix", "--name", "there");
    // Then
    assertThat(died).isEqualTo(1);
    assertThat(again).as(err.toString()).isZero();
    assertThat(copies.calls.getLast()).isEqualTo("end move 1");
    assertThat(copies.brought.values()).singleElement().asInstanceOf(LIST).hasSize(2);
  }

  @Test
  void a_session_that_works_is_not_moved() throws Exception {
    // Given
    server.add("{\"type\":\"session.status_running\",\"id\":\"sevt_1\"}");
    // When
    int code = call("move", "fix", "--name", "there");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("does not rest").contains("kubectl rouse interrupt fix");
    assertThat(copies.calls).isEmpty();
  }

  @Test
  void a_session_is_not_moved_to_where_it_is() {
    // When
    int code = call("move", "fix");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("that is where it is");
  }
}
