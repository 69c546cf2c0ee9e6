package dev.rouse.e2e.bed;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.rouse.devcluster.launch.Foreground;
import dev.rouse.devcluster.process.Run;
import dev.rouse.e2e.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests that need real nodes. {@code hack/e2e.sh} starts it in the first node's network.
 *
 * <p>Arguments: names of test classes, for those alone; {@code --full}, for those that take long,
 * too, and the page docs/performance/real-nodes.md; {@code --clean}, to remove what a bed has left
 * that was killed, and nothing else.
 */
public final class Main {

  private static final String TESTS = "dev.rouse.e2e.node";
  private static final String FULL = "--full";

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> arguments = List.of(args);
    // The events of the model's streams are small writes; the JDK's server reads this once.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(arguments.contains("--clean") ? clean() : Foreground.run(() -> test(arguments)));
  }

  private static int clean() throws IOException, InterruptedException {
    new Remains(new Run(Bed.directory())).clear();
    return 0;
  }

  private static int test(List<String> arguments) throws IOException {
    Report report = new Report();
    LauncherFactory.create().execute(request(arguments), report);
    Path directory = Cluster.target().resolve("e2e");
    report.write(directory, "report");
    if (arguments.equals(List.of(FULL))) {
      report.write(Bed.ROOT.resolve(Path.of("docs", "performance")), "real-nodes");
    }
    System.out.printf("%n%s%nreport: %s%n", report.summary(), directory.resolve("report.md"));
    return report.isGreen() ? 0 : 1;
  }

  private static LauncherDiscoveryRequest request(List<String> arguments) {
    String names =
        arguments.stream()
            .filter(argument -> !argument.startsWith("--"))
            .map(name -> ".*\\." + name)
            .collect(Collectors.joining("|"));
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(TESTS))
            .filters(includeClassNamePatterns(names.isEmpty() ? ".*E2E" : names))
            // Cases that hit one session alone run beside each other.
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "3");
    if (!arguments.contains(FULL) && names.isEmpty()) {
      request.filters(TagFilter.excludeTags("full"));
    }
    return request.build();
  }
}
