package dev.rouse.session.portable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.session.AgentSnapshot;
import dev.rouse.session.ContentBlock;
import dev.rouse.session.Event;
import dev.rouse.session.EventCodec;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import dev.rouse.session.PinnedProvider;
import dev.rouse.session.UserEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionFileTest {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.000001Z");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static LogRecord created() {
    return record(
        0,
        new InternalEvent.Created(
            "sevt_0",
            1,
            "uid",
            "team-a",
            "review",
            "sthr_1",
            new AgentSnapshot(
                "agent_1",
                1,
                "Reviewer",
                null,
                JSON.objectNode().put("id", "m"),
                null,
                List.of(),
                Map.of()),
            JSON.objectNode(),
            new PinnedProvider("main", "m", 1),
            null,
            null));
  }

  private static LogRecord record(long seq, Event event) {
    return LogRecord.of(seq, AT.plusSeconds(seq), 0, event);
  }

  private static LogRecord message(long seq, String text) {
    return record(seq, new UserEvent.Message("sevt_" + seq, List.of(ContentBlock.text(text))));
  }

  private static byte[] file(List<LogRecord> records) {
    SessionFileWriter writer = new SessionFileWriter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        writer.header(
            FileHeader.of(
                "uid",
                "team-a",
                "review",
                "reviewer",
                "sandbox",
                "A title",
                Map.of("team", "a"),
                records.getLast().seq(),
                AT)));
    records.forEach(record -> out.writeBytes(writer.record(record)));
    out.writeBytes(writer.end());
    return out.toByteArray();
  }

  private static List<LogRecord> read(byte[] file) throws FileFault, IOException {
    SessionFileReader reader = new SessionFileReader(new ByteArrayInputStream(file));
    List<LogRecord> records = new ArrayList<>();
    for (Optional<SessionFileReader.Entry> next = reader.next();
        next.isPresent();
        next = reader.next()) {
      records.add(next.get().record());
    }
    return records;
  }

  @Test
  void whatWasWrittenIsRead() throws Exception {
    // Given texts of all kinds, of a fixed seed
    Random random = new Random(5);
    List<LogRecord> records = new ArrayList<>(List.of(created()));
    for (int seq = 1; seq < 200; seq++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(40), 0, 0x2100)
          .filter(Character::isDefined)
          .forEach(text::appendCodePoint);
      records.add(message(seq, text + "\n\u2028\ud83d\ude00"));
    }
    // When
    List<LogRecord> read = read(file(records));
    // Then
    assertThat(read).isEqualTo(records);
    assertThat(file(read)).isEqualTo(file(records));
  }

  @Test
  void aCutFileIsRefusedWhereverItWasCut() {
    // Given
    byte[] file = file(List.of(created(), message(1, "hello"), message(2, "you")));
    // When
    List<Integer> taken = new ArrayList<>();
    for (int length = 0; length < file.length; length++) {
      try {
        read(Arrays.copyOf(file, length));
        taken.add(length);
      } catch (FileFault e) {
        assertThat(e).hasMessageStartingWith("line ");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    // Then
    assertThat(taken).isEmpty();
  }

  @Test
  void aChangedByteIsNoticedWhereverItIs() {
    // Given
    byte[] file = file(List.of(created(), message(1, "hello")));
    // When
    List<Integer> taken = new ArrayList<>();
    for (int place = 0; place < file.length; place++) {
      byte[] changed = file.clone();
      changed[place] ^= 1;
      try {
        read(changed);
        taken.add(place);
      } catch (FileFault e) {
        assertThat(e).hasMessageStartingWith("line ");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    // Then
    assertThat(taken).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\":1,\"session_uid\"|\"format\":2,\"session_uid\"|line 1: format: the file is of format 2",
        "rouse.session_file\"|other\"|line 1: type: this is no file",
        "\"head\":2|\"head\":1|line 4: type: the line that ends the file was to follow record 1",
        "\"seq\":1|\"seq\":2|line 3: seq: record 2 cannot follow record 0",
        "sevt_2\"|sevt_1\"|line 4: event.id: record 2 has the id sevt_1",
        "T10:00:02|T10:00:01|line 4: at: record 2 is not later",
        "\"event\":{\"type\":\"user.message\",\"id\":\"sevt_1\"|\"new\":1,\"event\":{\"type\":\"user.message\",\"id\":\"sevt_1\"|line 3: this is not a record as Rouse writes it",
        "\"type\":\"rouse.created\",\"id\":\"sevt_0\",\"format\":1|\"type\":\"rouse.created\",\"id\":\"sevt_0\",\"format\":2|line 2: event.format: the log is of format 2",
        "\"type\":\"rouse.created\"|\"type\":\"rouse.other\"|line 2: event.type: record 0 is a rouse.other",
        "hello|holla|line 5: sha256: the file was changed",
      })
  void whatIsWrongIsNamedWithItsLine(String from, String to, String message) {
    // Given
    String file =
        new String(file(List.of(created(), message(1, "hello"), message(2, "you"))), UTF_8);
    assertThat(file).contains(from);
    byte[] wrong = file.replace(from, to).getBytes(UTF_8);
    // When
    // Then
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(FileFault.class)
        .hasMessageContaining(message);
  }

  @Test
  void aCriticalRecordThatNobodyKnowsIsRefused() {
    // Given
    Event future =
        EventCodec.fromJson(JSON.objectNode().put("type", "rouse.future").put("id", "sevt_1"));
    byte[] file =
        file(List.of(created(), new LogRecord(1, AT.plusSeconds(1), 0, true, future, Map.of())));
    // When
    // Then
    assertThatThrownBy(() -> read(file))
        .hasMessage(
            "line 3: event.type: record 1 is a rouse.future, which needs a newer version of Rouse");
  }

  @Test
  void anUnknownRecordThatIsNotCriticalStaysAsItIs() throws Exception {
    // Given
    Event future =
        EventCodec.fromJson(
            JSON.objectNode().put("type", "agent.future").put("x", 1).put("id", "sevt_1"));
    List<LogRecord> records = List.of(created(), record(1, future));
    // When
    List<LogRecord> read = read(file(records));
    // Then
    assertThat(read).isEqualTo(records);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\n"})
  void nothingMayFollowTheEnd(String more) throws Exception {
    // Given
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(file(List.of(created())));
    file.write(more.getBytes(UTF_8));
    // When
    // Then
    assertThatThrownBy(() -> read(file.toByteArray()))
        .hasMessage("line 4: the file goes on after its end: give one file at a time");
  }

  @Test
  void whatThisVersionDoesNotKnowIsWrittenAgainInTheOrderInWhichItCame() throws Exception {
    // Given
    String line =
        """
        {"seq":0,"at":"2026-03-01T10:00:00.000001Z","epoch":0,"event":{"type":"agent.message",\
        "id":"sevt_1","content":[],"zeta":1,"alpha":2,"omega":3,"beta":4,"psi":5,"gamma":6}}\
        """;

    // When
    byte[] again = RecordLine.write(RecordLine.read(line.getBytes(UTF_8)));

    // Then
    assertThat(new String(again, UTF_8)).isEqualTo(line);
  }
}
