package dev.rouse.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that make no sense are refused before anything is made, and named. */
class ChartRefusalsTest {

  private static final Helm HELM = Helm.withoutCluster();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          replicas=3                                          | replicas
          operator.replica=3                                  | replica
          operator.replicas=0                                 | /operator/replicas
          operator.service={}                                 | service
          server.replicas="2"                                 | /server/replicas
          server.env={"path":"x"}                             | 'path' does not match
          server.service.type="ExternalName"                  | /server/service/type
          store.type="etcd"                                   | /store/type
          store.sqlite.size="much"                            | /store/sqlite/size
          store.sqlite.accessMode="ReadWriteMany"             | /store/sqlite/accessMode
          store.postgres.url="postgres://db/rouse"            | /store/postgres/url
          store.postgres.url="jdbc:postgresql://d/r?password=x" | store.postgres.url must hold no user
          store.type="postgres"                               | set store.postgres.url
          images.server.digest="latest"                       | /images/server/digest
          images.brain.pullPolicy="Always"                    | pullPolicy
          tls.mode="off"                                      | /tls/mode
          tls.mode="cert-manager"                             | set tls.certManager.issuer
          tls={"mode":"secret","names":["x.example"]}         | put the names into the certificate
          listenAddress="localhost"                           | /listenAddress
          watchNamespaces="team-a"                            | /watchNamespaces
          watchNamespaces=["Team"]                            | /watchNamespaces/0
          admission.logWriters=["o'brien"]                    | /admission/logWriters/0
          metrics={"enabled":false,"serviceMonitor":{"enabled":true}} | needs metrics.enabled
          --kube-version=1.29.0                               | kubeVersion: >=1.30.0-0
          """)
  void are_named(String value, String named) {
    // When
    Helm.Result refused = HELM.tryTemplate("rouse-system", value);
    // Then
    assertThat(refused.exit()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains(named);
  }
}
