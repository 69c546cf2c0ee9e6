package dev.rouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.WireIds;
import dev.rouse.api.key.EnvironmentGrant;
import dev.rouse.api.key.EnvironmentKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole commands about keys of self-hosted environments. */
class EnvironmentKeyCommandsTest extends CommandFixture {

  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  @BeforeEach
  void allow() {
    kubernetes
        .expect()
        .post()
        .withPath(REVIEWS)
        .andReturn(
            201,
            new SelfSubjectAccessReviewBuilder()
                .withNewStatus()
                .withAllowed(true)
                .endStatus()
                .build())
        .always();
  }

  private Environment environment(String name, String spec) {
    Environment environment = new Environment();
    environment.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team-a")
            .withName(name)
            .withUid("0d1f6a52-6a0e-4d6e-9a53-0d8a6c1b2f11")
            .build());
    environment.setSpec(Serialization.unmarshal(spec, EnvironmentSpec.class));
    return client.resource(environment).create();
  }

  private List<Secret> keys() {
    return client
        .secrets()
        .inNamespace(Rouse.RELEASE_NAMESPACE)
        .withLabel(EnvironmentGrant.LABEL, "true")
        .list()
        .getItems();
  }

  @Test
  void create_prints_the_key_alone_and_keeps_its_hash() {
    // Given
    Environment farm = environment("farm", "type: self_hosted");
    // When
    int code = run("environment-key", "create", "--environment", "farm", "--name", "lab");
    // Then
    assertThat(code).as(err.toString()).isZero();
    EnvironmentKey key = EnvironmentKey.of(out.toString().strip()).orElseThrow();
    EnvironmentGrant grant = EnvironmentGrant.of(keys().getFirst()).orElseThrow();
    assertThat(grant.isAbout(key)).isTrue();
    assertThat(grant.uid()).isEqualTo(farm.getMetadata().getUid());
    assertThat(grant.namespace()).isEqualTo("team-a");
    assertThat(err.toString())
        .contains(WireIds.environment(farm.getMetadata().getUid()))
        .doesNotContain(key.text());
  }

  @Test
  void create_is_for_self_hosted_environments_only() {
    // Given
    environment("box", "ephemeral: true");
    // When
    int cloud = run("environment-key", "create", "--environment", "box");
    int none = run("environment-key", "create", "--environment", "nothing");
    // Then
    assertThat(cloud).isEqualTo(1);
    assertThat(none).isEqualTo(1);
    assertThat(err.toString()).contains("spec.type: self_hosted", "no Environment nothing");
    assertThat(keys()).isEmpty();
  }

  @Test
  void list_and_revoke_know_the_names_of_keys() {
    // Given
    environment("farm", "type: self_hosted");
    run("environment-key", "create", "--environment", "farm", "--name", "lab");
    String key = out.toString().strip();
    out.getBuffer().setLength(0);
    // When
    int list = run("environment-key", "list");
    String shown = out.toString();
    int asApiKey = run("key", "revoke", EnvironmentKey.of(key).orElseThrow().secretName());
    int revoke = run("environment-key", "revoke", key);
    // Then
    assertThat(list).isZero();
    assertThat(shown).contains("team-a/farm", "never", "lab").doesNotContain(key);
    assertThat(asApiKey).isEqualTo(1);
    assertThat(revoke).as(err.toString()).isZero();
    assertThat(keys()).isEmpty();
  }
}
