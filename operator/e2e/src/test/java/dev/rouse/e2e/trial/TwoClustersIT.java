package dev.rouse.e2e.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.RouseCommand;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.cluster.Store;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.Evidence;
import dev.rouse.e2e.wire.Answer;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.session.InternalEvent;
import dev.rouse.session.LogRecord;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sessions go from a cluster that keeps logs in ConfigMaps to another one that has a database. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(16)
class TwoClustersIT {

  private static final String NAMESPACE = "abroad";
  private static final int LARGE_MESSAGES = 16;

  /** In Base64 a message of 256 KiB, as large as the largest events that were seen. */
  private static final int LARGE_BYTES = 192 * 1024;

  private final Cluster there;
  private final Namespace home;
  private final Namespace abroad;
  private final Caller owner;
  private final RouseCommand rouse;
  private final Path files;

  TwoClustersIT(Cluster here, @TempDir Path files) throws IOException, InterruptedException {
    this.there = Cluster.start(Store.Sqlite.anew(), "cluster-abroad");
    this.home = here.trials(NAMESPACE);
    this.abroad = there.trials(NAMESPACE);
    this.owner = Caller.of(home, "approver");
    this.files = files;
    this.rouse =
        new RouseCommand(
            here.root(),
            Files.writeString(
                files.resolve("kubeconfig"), kubeconfig(Map.of("here", here, "there", there))));
  }

  @AfterAll
  void stop() throws IOException {
    owner.close();
    there.close();
  }

  /** One file with a context for each cluster; the first is the current one. */
  private static String kubeconfig(Map<String, Cluster> clusters) throws IOException {
    Config all = new Config();
    for (Map.Entry<String, Cluster> entry : clusters.entrySet()) {
      Config one =
          Serialization.unmarshal(
              Files.readString(entry.getValue().kubectl().kubeconfig()), Config.class);
      one.getClusters().getFirst().setName(entry.getKey());
      one.getUsers().getFirst().setName(entry.getKey());
      one.getContexts().getFirst().setName(entry.getKey());
      one.getContexts().getFirst().getContext().setCluster(entry.getKey());
      one.getContexts().getFirst().getContext().setUser(entry.getKey());
      all.getClusters().addAll(one.getClusters());
      all.getUsers().addAll(one.getUsers());
      all.getContexts().addAll(one.getContexts());
    }
    all.setCurrentContext("here");
    return Serialization.asYaml(all);
  }

  private List<String> exported(Namespace from, String context, String session) throws IOException {
    Path file = files.resolve(session + ".jsonl");
    rouse.run(
        RouseCommand.as(from, "approver"),
        "export",
        session,
        "--context",
        context,
        "-n",
        NAMESPACE,
        "-o",
        file.toString());
    return Files.readAllLines(file);
  }

  @Test
  void aLargeSessionThatIsImportedIntoAnotherStoreIsEqualButForItsOriginAndAnswers()
      throws IOException {
    // Given
    List<String> said = large();
    ApiSession source = ApiSession.create(owner, "listener", "large", "begin");
    for (String text : said) {
      source.send(ApiSession.message(text));
    }
    source.work().awaitRest();
    List<String> file = exported(home, "here", source.work().name());

    // When
    rouse.run(
        RouseCommand.as(abroad, "approver"),
        "import",
        files.resolve(source.work().name() + ".jsonl").toString(),
        "--context",
        "there",
        "--name",
        "large",
        "-n",
        NAMESPACE);

    // Then
    List<String> again = exported(abroad, "there", "large");
    assertThat(again.subList(1, file.size() - 1))
        .as("records")
        .containsExactlyElementsOf(file.subList(1, file.size() - 1));
    assertThat(again.subList(file.size() - 1, again.size() - 1))
        .as("what is there besides")
        .singleElement()
        .asString()
        .contains("\"rouse.origin\"");
    WorkSession imported = abroad.existing("large");
    imported.say("m1", "and now?");
    Evidence.awaitHeard(imported, "and now?");
    List<String> heard = new ArrayList<>(List.of("begin"));
    heard.addAll(said);
    heard.add("and now?");
    assertThat(Evidence.heard(imported.log())).containsExactlyElementsOf(heard);
  }

  private static List<String> large() {
    Random random = new Random(16);
    List<String> texts = new ArrayList<>();
    for (int number = 0; number < LARGE_MESSAGES; number++) {
      byte[] bytes = new byte[LARGE_BYTES];
      random.nextBytes(bytes);
      texts.add(number + " " + Base64.getEncoder().encodeToString(bytes));
    }
    return texts;
  }

  @Test
  void aSessionThatIsMovedToAnotherClusterGoesOnThereAndSaysSoHere() {
    // Given
    ApiSession source = ApiSession.create(owner, "listener", "leaves", "leaves");
    source.work().awaitRest();
    source.work().awaitNoPods();
    List<LogRecord> before = source.work().log();

    // When
    rouse.run(
        RouseCommand.as(home, "approver"),
        "move",
        source.work().name(),
        "-n",
        NAMESPACE,
        "--to-context",
        "there",
        "--to-server",
        there.serverUrl().toString(),
        "--to-server-ca",
        there.launcher().caFile().toString(),
        "--name",
        "arrives");

    // Then
    Answer refused = owner.call(source.sending(ApiSession.message("are you there?")));
    assertThat(refused.status()).as("%s", refused).isEqualTo(400);
    assertThat(refused.message())
        .contains(NAMESPACE + "/arrives", there.client().getMasterUrl().toString());
    WorkSession target = abroad.existing("arrives");
    target.say("m1", "and now?");
    Evidence.awaitHeard(target, "and now?");
    assertThat(target.log().subList(0, before.size()))
        .as("records that were taken along")
        .containsExactlyElementsOf(before);
    assertThat(target.log())
        .filteredOn(record -> record.event() instanceof InternalEvent.Origin)
        .as("origins")
        .hasSize(1);
    assertThat(Evidence.heard(target.log())).containsExactly("leaves", "and now?");
    assertThat(Evidence.heard(source.work().log())).containsExactly("leaves");
  }

  @Test
  void aNamespaceThatIsDeletedTakesItsSessionsAndTheirRowsWithIt() {
    // Given
    Namespace leaving = there.trials("leaving");
    WorkSession rests = leaving.work("rests", "listener", "rests");
    rests.awaitRest();
    WorkSession works = leaving.work("works", "hold works");
    await("a call runs").atMost(WorkSession.PATIENCE).until(() -> works.file("gate").isPresent());

    // When
    there.client().namespaces().withName("leaving").delete();

    // Then
    await("the namespace is gone")
        .atMost(WorkSession.PATIENCE)
        .untilAsserted(
            () -> assertThat(there.client().namespaces().withName("leaving").get()).isNull());
    assertThat(rests.traces() + works.traces()).as("rows of the two logs").isZero();
  }
}
