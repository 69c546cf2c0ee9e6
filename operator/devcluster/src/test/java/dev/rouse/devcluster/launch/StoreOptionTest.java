package dev.rouse.devcluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class StoreOptionTest {

  private static final Path RUN = Path.of("/run-directory");

  @Command
  private static final class Starting {
    @Mixin private StoreOption store;
  }

  private static StoreOption parse(String... arguments) {
    Starting command = new Starting();
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return command.store;
  }

  @Test
  void withoutItTheServerIsAsItIs() {
    assertThat(parse().settings(RUN, Map.of("ROUSE_STORE", "sqlite"))).isEmpty();
  }

  @Test
  void sqliteIsAFileAmongThoseOfTheRun() {
    assertThat(parse("--store=sqlite").settings(RUN, Map.of()))
        .containsOnly(
            Map.entry("ROUSE_STORE", "sqlite"),
            Map.entry("ROUSE_STORE_PATH", "/run-directory/store"));
  }

  @Test
  void postgresIsWhereTheEnvironmentSays() {
    Map<String, String> environment =
        Map.of(
            "ROUSE_STORE_URL", "jdbc:postgresql://db/rouse",
            "ROUSE_STORE_USER", "rouse",
            "LANG", "C.UTF-8");

    assertThat(parse("--store=postgres").settings(RUN, environment))
        .containsOnly(
            Map.entry("ROUSE_STORE", "postgres"),
            Map.entry("ROUSE_STORE_URL", "jdbc:postgresql://db/rouse"),
            Map.entry("ROUSE_STORE_USER", "rouse"));
  }

  @Test
  void postgresWithoutItsAddressIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> parse("--store=postgres").settings(RUN, Map.of()))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("ROUSE_STORE_URL")
        .hasMessageContaining("docs/stores.md");
  }
}
