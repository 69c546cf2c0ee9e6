package dev.rouse.e2e.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/rights.md says of each of our accounts what the cluster says of it. */
@ExtendWith(SharedCluster.class)
@Order(5)
class RightsTableIT {

  private static final String RELEASE = "rouse-system";

  /** Where an account has no right but those that hold everywhere. */
  private static final String ELSEWHERE = "default";

  /** Has no rights: what it may do all may do. */
  private static final String NOBODY = "nobody";

  private static final Path HOOK =
      Path.of("helm", "rouse", "files", "hooks", "uninstall-role.yaml");
  private static final Pattern ROW = Pattern.compile("\\| `([^|]+)` \\| ([^|]+) \\| ([^|]+) \\|.*");

  private final Cluster cluster;

  RightsTableIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void takeBackWhatTheHookHas() throws IOException {
    cluster.client().load(Files.newInputStream(cluster.root().resolve(HOOK))).delete();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rouse-operator", "rouse-server", "rouse-uninstall", "default"})
  void the_page_says_what_the_cluster_says(String account) throws IOException {
    // Given the account of the hook has its rights only while a release ends
    cluster.apply(Files.readString(cluster.root().resolve(HOOK)));

    // When
    Map<String, String> everywhere = rights(account, ELSEWHERE);
    Map<String, String> inTheRelease = rights(account, RELEASE);

    // Then
    assertThat(table(account, "everywhere")).isEqualTo(everywhere);
    everywhere.forEach(inTheRelease::remove);
    assertThat(table(account, "release")).isEqualTo(inTheRelease);
  }

  /** Verbs by {@code resource.group} or {@code resource.group/name}, but those that all have. */
  private Map<String, String> rights(String account, String namespace) {
    Map<String, Set<String>> rights = ask(account, namespace);
    ask(NOBODY, namespace)
        .forEach((resource, verbs) -> {
          rights.getOrDefault(resource, Set.of()).removeAll(verbs);
        });
    rights.values().removeIf(Set::isEmpty);
    return rights.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                it -> String.join(", ", it.getValue()),
                (one, _) -> one,
                TreeMap::new));
  }

  private Map<String, Set<String>> ask(String account, String namespace) {
    try (KubernetesClient client = cluster.as(RELEASE, account)) {
      var review =
          client
              .authorization()
              .v1()
              .selfSubjectRulesReview()
              .create(
                  new SelfSubjectRulesReviewBuilder()
                      .withNewSpec()
                      .withNamespace(namespace)
                      .endSpec()
                      .build());
      assertThat(review.getStatus().getIncomplete()).isFalse();
      Map<String, Set<String>> rights = new TreeMap<>();
      for (ResourceRule rule : review.getStatus().getResourceRules()) {
        for (String group : rule.getApiGroups()) {
          for (String resource : rule.getResources()) {
            for (String name : names(rule)) {
              rights
                  .computeIfAbsent(
                      resource + (group.isEmpty() ? "" : "." + group) + name, _ -> new TreeSet<>())
                  .addAll(rule.getVerbs());
            }
          }
        }
      }
      return rights;
    }
  }

  private static List<String> names(ResourceRule rule) {
    List<String> names = Objects.requireNonNullElse(rule.getResourceNames(), List.of());
    return names.isEmpty() ? List.of("") : names.stream().map(name -> " " + name).toList();
  }

  /** The rows of the page about an account: {@code | `resource` | where | verbs | why |}. */
  private Map<String, String> table(String account, String where) throws IOException {
    String page = Files.readString(cluster.root().resolve("docs/rights.md"));
    String begin = "<!-- rights: " + account + " -->";
    int from = page.indexOf(begin);
    assertThat(from).as("%s in docs/rights.md", begin).isNotNegative();
    Map<String, String> rows = new TreeMap<>();
    page.substring(from, page.indexOf("<!-- /rights -->", from))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .filter(row -> row.group(2).equals(where))
        .forEach(row -> rows.put(row.group(1), row.group(3)));
    return rows;
  }
}
