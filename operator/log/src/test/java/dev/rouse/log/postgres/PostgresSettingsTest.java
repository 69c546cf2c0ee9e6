package dev.rouse.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.log.postgres.PostgresSettings.Patience;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db.example:5433/logs, rouse, logs at db.example:5433",
    "'jdbc:postgresql://one,two/logs?currentSchema=team_b', team_b, 'logs at one,two:5432,5432'",
  })
  void theUrlSaysWhereTheTablesAre(String url, String schema, String where) {
    // When
    PostgresSettings settings = PostgresSettings.of(url, "rouse", null);
    // Then
    assertThat(settings.schema()).isEqualTo(schema);
    assertThat(settings.where()).isEqualTo(where);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Team", "a,b", "a\"b", "1a", "a-b"})
  void aSchemaIsOnePlainName(String schema) {
    // Given
    PostgresSettings settings =
        PostgresSettings.of("jdbc:postgresql://db/logs?currentSchema=" + schema, "rouse", null);
    // When
    assertThatThrownBy(settings::schema)
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("currentSchema");
  }

  @Test
  void aUrlThatIsNoneIsRefused() {
    assertThatThrownBy(() -> PostgresSettings.of("jdbc:postgresql://db:port/logs", "rouse", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql://host:port/database");
  }

  @Test
  void theDatabaseGivesUpBeforeWeDo() {
    assertThatThrownBy(
            () -> new Patience(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("answer > statement");
  }
}
