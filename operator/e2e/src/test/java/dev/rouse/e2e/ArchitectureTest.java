package dev.rouse.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** The arrows of the design, held. Every rule says why it is there. */
@AnalyzeClasses(packages = "dev.rouse", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PROGRAMS = {
    "dev.rouse.controller..", "dev.rouse.server..", "dev.rouse.harness..", "dev.rouse.hands.."
  };

  @ArchTest
  static final ArchRule session_is_pure =
      noClasses()
          .that()
          .resideInAPackage("dev.rouse.session..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8..", "io.vertx..", "java.net.http..", "dev.rouse.api..", "dev.rouse.log..")
          .because("events and their fold mean the same wherever they are read");

  @ArchTest
  static final ArchRule only_the_server_uses_the_log =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.rouse.api..",
              "dev.rouse.session..",
              "dev.rouse.controller..",
              "dev.rouse.harness..",
              "dev.rouse.hands..",
              "dev.rouse.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rouse.log..")
          .because("the server is the only door to the logs");

  @ArchTest
  static final ArchRule the_log_knows_no_store =
      noClasses()
          .that()
          .resideInAPackage("dev.rouse.log")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rouse.log.configmap..",
              "dev.rouse.log.sqlite..",
              "dev.rouse.log.postgres..",
              "dev.rouse.log.sql..",
              "java.sql..")
          .because("what is above the port holds for every store");

  @ArchTest
  static final ArchRule one_class_chooses_the_store =
      noClasses()
          .that()
          .resideInAPackage("dev.rouse.server..")
          .and()
          .doNotHaveFullyQualifiedName("dev.rouse.server.Stores")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rouse.log.configmap..",
              "dev.rouse.log.sqlite..",
              "dev.rouse.log.postgres..",
              "dev.rouse.log.sql..")
          .because("the rest of the server works over any store");

  @ArchTest
  static final ArchRule only_stores_in_databases_speak_sql =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rouse.log.sqlite..", "dev.rouse.log.postgres..")
          .and()
          .resideOutsideOfPackage("dev.rouse.log.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "com.zaxxer..")
          .because("a database is a store's own business");

  @ArchTest
  static final ArchRule stores_do_not_know_each_other =
      slices()
          .matching("dev.rouse.log.(configmap|sqlite|postgres)..")
          .should()
          .notDependOnEachOther()
          .because("what they share is in one place");

  @ArchTest
  static final ArchRule api_stands_alone =
      noClasses()
          .that()
          .resideInAPackage("dev.rouse.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rouse.controller..",
              "dev.rouse.server..",
              "dev.rouse.harness..",
              "dev.rouse.hands..",
              "dev.rouse.cli..",
              "dev.rouse.devcluster..")
          .because("everything may use the resource types, so they use nothing of ours");

  @ArchTest
  static final ArchRule controller_imports_no_other_program = alone("dev.rouse.controller..");

  @ArchTest static final ArchRule server_imports_no_other_program = alone("dev.rouse.server..");

  @ArchTest static final ArchRule harness_imports_no_other_program = alone("dev.rouse.harness..");

  @ArchTest static final ArchRule hands_import_no_other_program = alone("dev.rouse.hands..");

  @ArchTest
  static final ArchRule brain_and_hands_know_no_kubernetes =
      noClasses()
          .that()
          .resideInAnyPackage("dev.rouse.harness..", "dev.rouse.hands..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..", "dev.rouse.api..")
          .because("neither has a Kubernetes credential");

  @ArchTest
  static final ArchRule decide_and_fold_know_no_transport =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("Decide")
          .or()
          .haveSimpleName("Fold")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "java.net..", "java.time.chrono..")
          .because("a step follows from the log and from nothing else");

  @ArchTest
  static final ArchRule resource_records_keep_unknown_fields_out_of_the_way =
      classes()
          .that()
          .resideInAPackage("dev.rouse.api")
          .and()
          .areRecords()
          .and()
          .haveNameMatching(".*\\.(Agent|Environment|ModelProvider|Session)(Spec|Status).*")
          .should()
          .beAnnotatedWith(JsonIgnoreProperties.class)
          .because("a newer CRD must not stop an older operator's informer");

  @ArchTest
  static final ArchRule metrics_have_their_place =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.rouse.api.probe..",
              "dev.rouse.server.metrics..",
              "dev.rouse.controller.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..")
          .because("names and labels are in one place, where a test compares them with their page");

  @ArchTest
  static final ArchRule logging_knows_nothing_of_ours =
      noClasses()
          .that()
          .resideInAPackage("dev.rouse.logging..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rouse.api..",
              "dev.rouse.session..",
              "dev.rouse.log..",
              "dev.rouse.controller..",
              "dev.rouse.server..",
              "dev.rouse.harness..")
          .because("every program that logs may use it");

  @ArchTest
  static final ArchRule no_static_mutable_state =
      fields()
          .that()
          .areStatic()
          .should()
          .beFinal()
          .because("two of a thing in one process must not know of each other");

  @ArchTest
  static final ArchRule no_dumping_grounds =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .because("a class has a subject");

  @ArchTest
  static final ArchRule modules_have_no_cycles =
      slices().matching("dev.rouse.(*)..").should().beFreeOfCycles();

  private static ArchRule alone(String program) {
    String[] others =
        Arrays.stream(PROGRAMS).filter(p -> !p.equals(program)).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(program)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because("programs meet on the wire and in the Session object, never in code");
  }
}
