package dev.rouse.controller.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.controller.isolation.PolicyReader.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/isolation.md, line by line, is what the policies allow. */
class ConnectionTableTest {

  private static final Path PAGE = Path.of(System.getProperty("rouse.root"), "docs/isolation.md");
  private static final Pattern TABLE =
      Pattern.compile("<!-- connections -->\n(.*?)<!-- /connections -->", Pattern.DOTALL);
  private static final int HANDS_PORT = 8085;

  private static final Map<String, End> FROM = new LinkedHashMap<>();
  private static final Map<String, End> TO = new LinkedHashMap<>();

  static {
    Map<String, String> brain = Map.of("rouse.dev/role", "brain");
    FROM.put("brain", pod("team", brain, "10.244.1.1", 0));
    FROM.put("hands unrestricted", pod("team", hands("unrestricted"), "10.244.1.2", 0));
    FROM.put("hands limited", pod("team", hands("limited"), "10.244.1.3", 0));
    FROM.put("any other pod of the namespace", pod("team", Map.of("a", "b"), "10.244.1.4", 0));
    TO.put("server", pod("rouse-system", Map.of("app", "server"), "10.244.2.1", 8443));
    TO.put(
        "hands of the same namespace",
        pod("team", hands("unrestricted"), "10.244.2.2", HANDS_PORT));
    TO.put("brain", pod("team", brain, "10.244.2.3", 8081));
    TO.put("cluster DNS", pod("kube-system", Map.of("k8s-app", "kube-dns"), "10.244.2.4", 53));
    TO.put("API server", new End("", Map.of(), "172.30.0.1", 6443));
    TO.put("node address", new End("", Map.of(), "172.30.0.2", 10_250));
    TO.put("metadata 169.254.169.254", new End("", Map.of(), "169.254.169.254", 80));
    TO.put("another pod", pod("elsewhere", Map.of(), "10.244.2.5", 80));
    TO.put("outside address", new End("", Map.of(), "203.0.113.7", 443));
  }

  @Tag("failure-19")
  @ParameterizedTest(name = "ranges hold pods: {0}")
  @ValueSource(booleans = {true, false})
  void thePageSaysWhatThePoliciesAllow(boolean rangesHoldPods) throws IOException {
    // Given
    PolicyReader reader =
        new PolicyReader(
            new SandboxPolicies(IsolationSettings.from(Map.of()), HANDS_PORT).of("team"),
            rangesHoldPods);
    // When
    List<List<String>> rows = rows();
    // Then
    assertThat(rows).isEqualTo(expected(reader));
  }

  private static List<List<String>> expected(PolicyReader reader) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(Stream.concat(Stream.of("from \\ to"), TO.keySet().stream()).toList());
    FROM.forEach((name, from) -> {
      List<String> row = new ArrayList<>(List.of(name));
      TO.values().forEach(to -> row.add(reader.allows(from, to) ? "open" : "closed"));
      rows.add(row);
    });
    return rows;
  }

  private static List<List<String>> rows() throws IOException {
    Matcher table = TABLE.matcher(Files.readString(PAGE));
    assertThat(table.find()).as("a table of connections in %s", PAGE).isTrue();
    return table
        .group(1)
        .lines()
        .filter(line -> !line.startsWith("|---"))
        .map(line ->
            Stream.of(line.split("\\|", -1))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList())
        .toList();
  }

  private static End pod(String namespace, Map<String, String> labels, String address, int port) {
    return new End(namespace, labels, address, port);
  }

  private static Map<String, String> hands(String network) {
    return Map.of("rouse.dev/role", "hands", "rouse.dev/network", network);
  }
}
