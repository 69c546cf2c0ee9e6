package dev.rouse.e2e;

import dev.rouse.api.wire.Absent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes docs/compatibility.md out of the rules, the tests that bear their tags, and the code. */
final class CompatibilityPage {

  private static final Pattern OPERATION = Pattern.compile("operationId: ([\\w.]+)");

  /** The feature of each namespace of methods that are not served. */
  private static final Map<String, Absent> FEATURES =
      Map.ofEntries(
          Map.entry("sessions.resources", Absent.RESOURCES),
          Map.entry("vaults", Absent.VAULTS),
          Map.entry("memory_stores", Absent.MEMORY_STORES),
          Map.entry("deployments", Absent.DEPLOYMENTS),
          Map.entry("deployment_runs", Absent.DEPLOYMENTS),
          Map.entry("dreams", Absent.DREAMS),
          Map.entry("files", Absent.FILES),
          Map.entry("skills", Absent.SKILLS),
          Map.entry("organization.webhooks", Absent.WEBHOOKS));

  private final Path root;
  private final List<ContractRule> rules;
  private final Map<String, TreeSet<String>> tests;
  private final StringBuilder page = new StringBuilder();

  private CompatibilityPage(Path root) throws IOException {
    this.root = root;
    this.rules = ContractRule.all(root);
    this.tests = TaggedTests.of(root, "contract-");
    List<String> faults = ContractRule.faults(rules, tests.keySet());
    if (!faults.isEmpty()) {
      throw new IllegalStateException(String.join("\n", faults));
    }
  }

  /**
   * The page as it is to be.
   *
   * @throws IllegalStateException when a rule is neither shown nor says what it waits for
   */
  static String of(Path root) throws IOException {
    CompatibilityPage page = new CompatibilityPage(root);
    page.head();
    page.methods();
    page.absent();
    page.differences();
    page.rules();
    return page.page.toString();
  }

  private boolean isShown(ContractRule rule) {
    return tests.containsKey(rule.id());
  }

  private void head() {
    page.append(
        """
        # Compatibility with the Managed Agents API

        What of the public contract this version serves, and which test shows each of its rules. The page is written by
        `CompatibilityTest` from the rules, from the tests that bear a rule's name as a JUnit tag, and from the OpenAPI
        document that the server answers at `/openapi.json`; the build fails when it says something else, or when a test
        that it names failed or was left out. One rule's tests: `mvn verify -Dgroups=contract-agent-merge`.

        %d of %d rules are shown by tests. The others say what they wait for.

        """
            .formatted(rules.stream().filter(this::isShown).count(), rules.size()));
  }

  private void methods() throws IOException {
    Set<String> served = served();
    page.append(
        "## Methods\n\n| method | call | status | rules that are shown |\n|---|---|---|--:|\n");
    Map<Absent, List<String>> absent = new LinkedHashMap<>();
    for (String[] method : contract()) {
      List<ContractRule> own = rules.stream().filter(it -> it.method().equals(method[0])).toList();
      if (served.contains(method[0])) {
        page.append(
            "| `%s` | `%s %s` | served | %d of %d |\n"
                .formatted(
                    method[0],
                    method[1],
                    method[2],
                    own.stream().filter(this::isShown).count(),
                    own.size()));
      } else {
        absent.computeIfAbsent(feature(method[0]), _ -> new ArrayList<>()).add(method[0]);
      }
    }
    absent.forEach((feature, names) ->
        page.append(
            "| %s | | [not yet](#%s) | |\n"
                .formatted(
                    names.stream().map(it -> "`" + it + "`").collect(Collectors.joining(", ")),
                    feature.anchor())));
    page.append('\n');
  }

  private void differences() {
    page.append(
        """
        ## What differs on purpose

        | | here | because |
        |---|---|---|
        | `system.message` | goes to the model in a user's turn that says who speaks; never 400 for a model that \
        knows no system turn | any model may stand behind an agent |
        | `retry_status: terminal` | never: what does not pass is `exhausted` | \
        [somebody can mend it](design/turn.md#errors-that-a-session-reports), and the session goes on |
        | `model.effort` in answers | `high` where none was chosen, and then none is sent to the provider | the \
        defaults of providers are not told |
        | archiving the primary thread | 400 | it lives as long as its session: archive that |
        | an answer of the model without text or call | an `agent.message` with `content: []` | the turn had an \
        answer, and the history says so |
        | a body above its limit | 413 with type `request_too_large` | typed models of \
        this year have no name for it; those before had this one |

        """);
  }

  private static Absent feature(String method) {
    return FEATURES.entrySet().stream()
        .filter(it -> method.startsWith(it.getKey() + "."))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("neither served nor absent: " + method));
  }

  private List<String[]> contract() throws IOException {
    return Files.readAllLines(
            root.resolve("operator/server/src/test/resources/contract-methods.txt"))
        .stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" "))
        .toList();
  }

  private Set<String> served() throws IOException {
    Set<String> served = new TreeSet<>();
    try (Stream<Path> parts =
        Files.list(
            root.resolve("operator/server/src/main/resources/dev/rouse/server/wire/openapi"))) {
      for (Path part : parts.toList()) {
        OPERATION.matcher(Files.readString(part)).results().forEach(it -> served.add(it.group(1)));
      }
    }
    return served;
  }

  private void absent() {
    page.append(
        """
        ## What is not there yet

        A call of it is answered with 501, a field, a value or a filter that refers to it with 400; the message names it,
        the way that works today, and this page.

        In YAML most of it has no field (`skills`, `mcpServers`, `multiagent`, `executionIdentity`, `packages`, `resources`,
        `vaultIds`) or no value (a tool of type `mcp_toolset`, `speed: fast`): `kubectl apply` and server-side apply are
        refused by the API server itself; a client that asks for no field validation has the field dropped. An Agent that
        turns `web_search` or `web_fetch` on is taken and says `Ready=False` with reason `NotSupported`, and no session
        begins with it.

        | | instead, today |
        |---|---|
        """);
    for (Absent feature : Absent.values()) {
      String subject = feature.subject().replaceAll(" (is|are)$", "");
      page.append(
          "| <a id=\"%s\"></a>%s | %s |\n".formatted(feature.anchor(), subject, feature.way()));
    }
    page.append('\n');
  }

  private void rules() {
    page.append("## Rules\n\nThe numbers are the sections of our notes on the contract.\n");
    String group = "";
    for (ContractRule rule : rules) {
      if (!rule.group().equals(group)) {
        group = rule.group();
        page.append(
            "\n### %s\n\n| § | method | rule | shown by |\n|---|---|---|---|\n".formatted(group));
      }
      String method = rule.method().equals("any") ? "" : "`" + rule.method() + "`";
      page.append(
          "| %s | %s | %s | %s |\n".formatted(rule.section(), method, rule.text(), shown(rule)));
    }
  }

  private String shown(ContractRule rule) {
    if (isShown(rule)) {
      return tests.get(rule.id()).stream()
          .map(it -> "`" + it + "`")
          .collect(Collectors.joining("<br>"));
    }
    return "not yet: " + rule.missing();
  }
}
