package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Agent;
import dev.rouse.api.WireIds;
import dev.rouse.server.FakeSpecs;
import dev.rouse.server.resource.Objects;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionsTest {

  private final Objects<Agent> known = new Objects<>();
  private final Definitions<Agent> agents =
      new Definitions<>("agent", WireIds::agentUidOf, known, new FakeSpecs<>(Agent.class));
  private final List<Agent> there = new ArrayList<>();
  private int version;

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  /** Any page size, many objects of the same second, objects coming and going between pages. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nothingThatStaysIsMissedOrShownTwice(int seed) throws Exception {
    // Given
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      make(random);
    }
    Set<String> stayed = new HashSet<>(uids());
    List<String> shown = new ArrayList<>();
    int limit = 1 + random.nextInt(12);
    Optional<String> page = Optional.empty();
    // When
    do {
      Definitions.Page<Agent> now =
          agents.page(
              "team-a",
              new ListQuery(limit, page, false, new Queries.TimeRange(null, null)),
              _ -> false);
      assertThat(now.objects()).hasSizeLessThanOrEqualTo(limit);
      now.objects().forEach(it -> shown.add(it.getMetadata().getUid()));
      page = Optional.ofNullable(now.next());
      if (random.nextBoolean()) {
        make(random);
      }
      if (random.nextBoolean()) {
        Agent gone = there.remove(random.nextInt(there.size()));
        known.forget(gone);
        stayed.remove(gone.getMetadata().getUid());
      }
    } while (page.isPresent());
    // Then
    assertThat(shown).doesNotHaveDuplicates().containsAll(stayed);
  }

  private List<String> uids() {
    return there.stream().map(it -> it.getMetadata().getUid()).toList();
  }

  private void make(Random random) {
    Agent agent = new Agent();
    agent.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team-a")
            .withName("a" + ++version)
            .withUid(new UUID(random.nextLong(), random.nextLong()).toString())
            .withResourceVersion(Integer.toString(version))
            .withCreationTimestamp(
                Instant.parse("2026-01-02T03:04:05Z").plusSeconds(random.nextInt(8)).toString())
            .build());
    there.add(agent);
    known.learn(agent);
  }

  @ParameterizedTest
  @MethodSource("names")
  void namesOfObjectsAreReadableAndValid(String shown, String slug) {
    // When
    String made = ObjectNames.of(shown, "agent", prefix -> prefix + "_ABCDEFGHJKLMNPQ");
    // Then
    assertThat(made).isEqualTo(slug + "-abcdefgh").matches("[a-z]([-a-z0-9]*[a-z0-9])?");
  }

  static List<Arguments> names() {
    return List.of(
        Arguments.of("Code Reviewer!", "code-reviewer"),
        Arguments.of("  --x--  ", "x"),
        Arguments.of("日本", "agent"),
        Arguments.of("42 things", "things"),
        Arguments.of("a".repeat(39) + " b", "a".repeat(39)),
        Arguments.of("ÄB_c.d", "b-c-d"));
  }
}
