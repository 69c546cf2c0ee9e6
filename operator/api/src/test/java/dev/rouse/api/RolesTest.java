package dev.rouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped roles must never allow. */
class RolesTest {

  private static final Path FILES =
      Path.of(System.getProperty("rouse.root"), "helm", "rouse", "files");
  private static final String OPERATOR = "operator-role.yaml";
  private static final String SERVER = "server-role.yaml";
  private static final String PEOPLE = "aggregated-roles.yaml";
  private static final String CONNECT = "connect-role.yaml";
  private static final String UNINSTALL = "hooks/uninstall-role.yaml";

  @ParameterizedTest
  @ValueSource(strings = {OPERATOR, SERVER, PEOPLE, CONNECT, UNINSTALL})
  void nothingIsAllowedByWildcard(String file) throws IOException {
    // When
    List<PolicyRule> rules = rules(load(file));
    // Then
    assertThat(rules)
        .isNotEmpty()
        .allSatisfy(rule -> {
          assertThat(rule.getApiGroups()).isNotEmpty().doesNotContain("*");
          assertThat(rule.getResources()).isNotEmpty().doesNotContain("*");
          assertThat(rule.getVerbs()).isNotEmpty().doesNotContain("*");
          assertThat(rule.getNonResourceURLs()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {OPERATOR, SERVER, PEOPLE, CONNECT, UNINSTALL})
  void everyRuleSaysWhy(String file) throws IOException {
    // When
    List<String> lines = Files.readAllLines(FILES.resolve(file));
    // Then
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("  - apiGroups:") && !lines.get(i - 1).equals("rules:")) {
        assertThat(lines.get(i - 1)).as("line above %s:%d", file, i + 1).startsWith("  # ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OPERATOR, SERVER, PEOPLE, UNINSTALL})
  void nobodyGetsMorePowerThanTheyHave(String file) throws IOException {
    // When
    List<PolicyRule> rules = rules(load(file));
    // Then
    assertThat(resources(rules))
        .doesNotContain("pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers")
        .doesNotContain("serviceaccounts/token", "roles", "rolebindings")
        .doesNotContain("clusterroles", "clusterrolebindings", "nodes", "nodes/proxy");
    assertThat(rules)
        .flatExtracting(PolicyRule::getVerbs)
        .doesNotContain("impersonate", "escalate", "bind");
  }

  @Test
  void theOperatorReadsSecretsByNameOnly() throws IOException {
    // When
    List<PolicyRule> rules = rules(load(OPERATOR));
    // Then
    assertThat(verbs(rules, "secrets")).containsExactly("get");
  }

  @Test
  void theOperatorSeesNoLog() throws IOException {
    // When
    List<PolicyRule> rules = rules(load(OPERATOR));
    // Then
    assertThat(resources(rules)).doesNotContain("configmaps", "pods/log", "sessions/events");
  }

  @Test
  void theOperatorWritesNoSpecs() throws IOException {
    // When
    List<PolicyRule> rules = rules(load(OPERATOR));
    // Then
    for (String kind : List.of("agents", "environments", "modelproviders", "sessions")) {
      assertThat(verbs(rules, kind)).containsExactly("get", "list", "watch");
    }
  }

  @Test
  void theServerWritesSpecsOfWhatTheApiMakesOnly() throws IOException {
    // When
    List<PolicyRule> rules = rules(load(SERVER));
    // Then
    assertThat(verbs(rules, "modelproviders")).containsExactly("get", "list", "watch");
    for (String kind : List.of("agents", "environments", "sessions")) {
      assertThat(verbs(rules, kind))
          .containsExactly("create", "delete", "get", "list", "patch", "watch");
    }
  }

  @Test
  void theServerMakesNoPodsAndReadsNoForeignSecrets() throws IOException {
    // When
    List<HasMetadata> objects = load(SERVER);
    // Then
    List<PolicyRule> everywhere =
        objects.stream()
            .filter(ClusterRole.class::isInstance)
            .flatMap(it -> ((ClusterRole) it).getRules().stream())
            .toList();
    assertThat(resources(everywhere)).doesNotContain("pods", "secrets", "persistentvolumeclaims");
    assertThat(verbs(rules(objects), "secrets")).containsExactly("create", "get", "update");
  }

  @Test
  void theServerChangesNoSecretButItsCertificate() throws IOException {
    // When
    List<PolicyRule> changing =
        rules(load(SERVER)).stream()
            .filter(it -> it.getResources().contains("secrets"))
            .filter(it -> it.getVerbs().contains("update"))
            .toList();
    // Then
    assertThat(changing)
        .singleElement()
        .satisfies(it -> assertThat(it.getResourceNames()).containsExactly(Rouse.TLS_SECRET));
  }

  @ParameterizedTest
  @ValueSource(strings = {OPERATOR, SERVER, PEOPLE})
  void accountsAreAtMostLookedAtByName(String file) throws IOException {
    // When
    List<PolicyRule> rules = rules(load(file));
    // Then
    assertThat(Set.of("get")).containsAll(verbs(rules, "serviceaccounts"));
  }

  @Test
  void whoMayConnectSeesTheWayToTheServerAndNothingElse() throws IOException {
    // When
    List<HasMetadata> objects = load(CONNECT);
    // Then
    assertThat(objects).singleElement().isInstanceOf(Role.class);
    List<PolicyRule> rules = rules(objects);
    assertThat(resources(rules)).containsExactly("configmaps", "pods", "pods/portforward");
    assertThat(verbs(rules, "pods")).containsExactly("get", "list");
    assertThat(rules)
        .filteredOn(it -> it.getResources().contains("configmaps"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.getResourceNames()).containsExactly(Rouse.CA_CONFIG_MAP);
          assertThat(it.getVerbs()).containsExactly("get");
        });
  }

  @Test
  void versionsAreNeverChanged() throws IOException {
    // When
    List<PolicyRule> rules =
        Stream.concat(rules(load(OPERATOR)).stream(), rules(load(SERVER)).stream()).toList();
    // Then
    assertThat(verbs(rules, "controllerrevisions")).containsExactly("create", "get", "list");
  }

  @ParameterizedTest
  @CsvSource({
    OPERATOR + ",rouse-operator,2",
    SERVER + ",rouse-server,3",
    UNINSTALL + ",rouse-uninstall,1"
  })
  void everythingIsBoundToTheOneAccountOfTheReleaseNamespace(
      String file, String account, int bindings) throws IOException {
    // When
    List<HasMetadata> objects = load(file);
    // Then
    List<Subject> subjects = new ArrayList<>();
    for (HasMetadata object : objects) {
      switch (object) {
        case ClusterRoleBinding it -> subjects.addAll(it.getSubjects());
        case RoleBinding it -> subjects.addAll(it.getSubjects());
        default -> assertThat(object.getMetadata().getName()).startsWith(account);
      }
    }
    assertThat(subjects)
        .hasSize(bindings)
        .allSatisfy(it -> {
          assertThat(it.getName()).isEqualTo(account);
          assertThat(it.getNamespace()).isEqualTo("rouse-system");
        });
  }

  @Test
  void whoMaySendMayNotThereforeApprove() throws IOException {
    // When
    List<HasMetadata> roles = load(PEOPLE);
    // Then
    for (HasMetadata role : roles) {
      boolean edit =
          role.getMetadata().getLabels().containsKey("rbac.authorization.k8s.io/aggregate-to-edit");
      if (edit) {
        assertThat(resources(rules(List.of(role)))).doesNotContain("sessions/approvals");
      }
    }
  }

  private static List<HasMetadata> load(String file) throws IOException {
    return Stream.of(Files.readString(FILES.resolve(file)).split("(?m)^---$"))
        .<HasMetadata>map(Serialization::unmarshal)
        .toList();
  }

  private static List<PolicyRule> rules(List<HasMetadata> objects) {
    List<PolicyRule> rules = new ArrayList<>();
    for (HasMetadata object : objects) {
      switch (object) {
        case ClusterRole it -> rules.addAll(it.getRules());
        case Role it -> rules.addAll(it.getRules());
        default -> assertThat(object.getKind()).endsWith("Binding");
      }
    }
    return rules;
  }

  private static Set<String> resources(List<PolicyRule> rules) {
    Set<String> all = new TreeSet<>();
    rules.forEach(it -> all.addAll(it.getResources()));
    return all;
  }

  private static Set<String> verbs(List<PolicyRule> rules, String resource) {
    Set<String> all = new TreeSet<>();
    rules.stream()
        .filter(it -> it.getResources().contains(resource))
        .forEach(it -> all.addAll(it.getVerbs()));
    return all;
  }
}
