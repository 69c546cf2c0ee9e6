package dev.rouse.e2e.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.devcluster.controlplane.ControlPlane;
import dev.rouse.devcluster.controlplane.Program;
import dev.rouse.devcluster.process.Signal;
import dev.rouse.e2e.cluster.Cluster;
import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.ServerBehindDoor;
import dev.rouse.e2e.cluster.SharedCluster;
import dev.rouse.e2e.proxy.Hold;
import dev.rouse.e2e.proxy.Pretence;
import dev.rouse.e2e.wire.Caller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Kubernetes API, and etcd behind it: away, hung, slow, busy, full. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(20)
class ApiServerTroubleIT {

  private static final String BUSY =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 429,
       "reason": "TooManyRequests", "details": {"retryAfterSeconds": 1},
       "message": "Too many requests, please try again later."}\
      """;

  private final Cluster cluster;
  private final ControlPlane plane;
  private final Namespace namespace;
  private final Table table;
  private Caller caller;

  ApiServerTroubleIT(Cluster cluster) throws IOException {
    this.cluster = cluster;
    this.plane = cluster.launcher().controlPlane();
    this.namespace = cluster.trials("trouble-api-server");
    this.table = Table.of(cluster);
  }

  @BeforeAll
  void call() throws IOException {
    cluster.awaitServer();
    caller = Caller.of(namespace, "editor", List.of(cluster.serverUrl()));
  }

  @AfterAll
  void close() {
    caller.close();
  }

  @Test
  void hung() throws Exception {
    // Given
    try (Patient patient = Patient.atWork(caller, "api-hung")) {

      // When
      plane.child(Program.APISERVER).signal(Signal.STOP);
      List<String> saw;
      try {
        saw = duringTheFault(patient);
      } finally {
        plane.child(Program.APISERVER).signal(Signal.CONT);
      }
      Row row = patient.recovered(1, "API server hangs (SIGSTOP)", saw, Instant.now());

      // Then
      table.add(row);
      assertThat(saw.getFirst()).contains("503 api_error").contains("try again");
    }
  }

  @Test
  void killed() throws Exception {
    // Given
    try (Patient patient = Patient.atWork(caller, "api-killed")) {

      // When
      plane.kill(Program.APISERVER);
      List<String> saw;
      try {
        saw = duringTheFault(patient);
      } finally {
        plane.restart(Program.APISERVER);
      }
      Row row = patient.recovered(2, "API server is gone (kill -9)", saw, Instant.now());

      // Then
      table.add(row);
      assertThat(saw.getFirst()).contains("503 api_error").contains("try again");
    }
  }

  private List<String> duringTheFault(Patient patient) throws Exception {
    patient.openGate();
    List<String> saw = new ArrayList<>();
    saw.add(patient.tryToSayMore());
    patient.sayMore();
    saw.add(patient.look(patient.history()));
    saw.add(patient.views().columns());
    return saw;
  }

  @Tag("failure-12")
  @Test
  void slow() throws Exception {
    try (ServerBehindDoor server = cluster.serverBehindDoor("server-slow")) {
      server.server().awaitReady();
      try (Caller there = Caller.of(namespace, "editor", List.of(server.server().url()));
          Patient patient = Patient.atWork(there, "api-slow")) {
        // Given
        Duration late = Duration.ofMillis(1500);

        // When
        server.door().slow(late);
        cluster.operatorDoor().slow(late);
        List<String> saw;
        try {
          patient.openGate();
          patient.sayMore();
          saw = new ArrayList<>();
          saw.add(patient.look(patient.history()));
          saw.add(patient.views().columns());
        } finally {
          server.door().slow(Duration.ZERO);
          cluster.operatorDoor().slow(Duration.ZERO);
        }
        Row row =
            patient.recovered(3, "API server answers each request 1.5 s late", saw, Instant.now());

        // Then
        table.add(row);
        assertThat(saw.getFirst()).contains("200");
      }
    }
  }

  @Tag("failure-12")
  @Test
  void throttling() throws Exception {
    try (ServerBehindDoor server = cluster.serverBehindDoor("server-busy")) {
      server.server().awaitReady();
      try (Caller there = Caller.of(namespace, "editor", List.of(server.server().url()));
          Patient patient = Patient.atWork(there, "api-busy")) {
        // Given
        AtomicInteger requests = new AtomicInteger();
        Predicate<Hold.Request> twoOfThree = _ -> requests.incrementAndGet() % 3 != 0;
        List<String> after = List.of("retry-after: 1");

        // When
        String start = "HTTP/1.1 429 Too Many Requests";
        Pretence atServer = server.door().pretend(start, after, BUSY, twoOfThree);
        Pretence atOperator = cluster.operatorDoor().pretend(start, after, BUSY, twoOfThree);
        List<String> saw = new ArrayList<>();
        try {
          patient.openGate();
          patient.sayMore();
          saw.add(patient.look(patient.history()));
          saw.add(patient.views().columns());
        } finally {
          atServer.end();
          atOperator.end();
        }
        Row row =
            patient.recovered(
                4, "API server answers 429 to two of three requests", saw, Instant.now());

        // Then
        table.add(row);
        assertThat(atServer.taken()).as("requests refused, else nothing was tried").isPositive();
      }
    }
  }

  @Tag("failure-9")
  @Test
  void etcdFull() throws Exception {
    // Given
    try (Etcd etcd = Etcd.of(plane);
        Patient patient = Patient.atWork(caller, "etcd-full")) {

      // When
      etcd.raiseNoSpace();
      List<String> saw = new ArrayList<>();
      try {
        patient.openGate();
        saw.add(patient.tryToSayMore());
        patient.sayMore();
        saw.add(patient.look(patient.history()));
        saw.add(patient.views().columns());
      } finally {
        etcd.makeRoom();
      }
      Row row =
          patient.recovered(5, "etcd is full (its alarm NOSPACE is raised)", saw, Instant.now());

      // Then
      table.add(row);
      assertThat(saw.getFirst())
          .contains("503 api_error")
          .contains("etcd is full")
          .contains("nothing is lost");
      assertThat(saw.get(1)).as("reading goes on").contains(": 200");
    }
  }
}
