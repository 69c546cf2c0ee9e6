package dev.rouse.api.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rouse.api.ModelProviderSpec;
import dev.rouse.api.SessionSpec;
import dev.rouse.api.reference.References.Reason;
import dev.rouse.api.reference.References.Resolved;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Which provider serves the model of a session, and under which name. */
class ModelChoiceTest extends ReferencesFixture {

  @Test
  void aListedModelGoesToTheProviderThatListsIt() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("a", true).provider("b", false, model("fast", "upstream-1", 1000));
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("b", "upstream-1", 1000));
    assertThat(references.backing()).isPresent();
  }

  @Test
  void anUnlistedModelGoesToTheDefaultUnderItsOwnName() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("a", true).provider("b", false, model("slow", null, null));
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("a", "fast", ModelProviderSpec.DEFAULT_MAX_TOKENS));
  }

  @Test
  void aVersionThatIsNamedDecidesTheModel() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box").version(2, "slow");
    namespace.provider("b", false, model("slow", null, null));
    session.setSpec(spec(2));
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .asInstanceOf(InstanceOfAssertFactories.type(Resolved.class))
        .extracting(Resolved::model)
        .isEqualTo(new PinnedModel("b", "slow", ModelProviderSpec.DEFAULT_MAX_TOKENS));
  }

  @Test
  void aModelThatNobodyServesIsRefusedWithTheCandidates() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("b", false).provider("a", false);
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotServed, "model fast", "Agent coder", "a, b");
  }

  @Test
  void aNamespaceWithoutProvidersIsToldToMakeOne() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotServed, "has no ModelProvider: create one");
  }

  @Test
  void aModelThatTwoListIsRefusedWithBoth() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("b", false, model("fast", null, null));
    namespace.provider("a", false, model("fast", null, null)).provider("c", true);
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.ModelAmbiguous, "(a, b)", "spec.models");
  }

  @Test
  void twoDefaultsAreRefusedWithBoth() {
    // Given
    namespace
        .withAgent("coder", "fast")
        .withEnvironment("box")
        .provider("b", true)
        .provider("a", true);
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.ModelAmbiguous, "(a, b)", "spec.default");
  }

  @Test
  void aBudgetNeedsAModelWithAPrice() {
    // Given
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("a", false, model("fast", null, null));
    session.setSpec(budgeted());
    // When
    References references = resolve();
    // Then
    assertUnresolved(references, Reason.ModelNotBudgetable, "fast", "ModelProvider a", "price");
    assertThat(Reason.ModelNotBudgetable.needsPerson()).isFalse();
  }

  @Test
  void aPriceIsPinnedWithItsModel() {
    // Given
    ModelProviderSpec.Price price = new ModelProviderSpec.Price("3", "15", null, "0.30");
    namespace.withAgent("coder", "fast").withEnvironment("box");
    namespace.provider("a", false, new ModelProviderSpec.Model("fast", null, null, null, price));
    session.setSpec(budgeted());
    // When
    References references = resolve();
    // Then
    assertThat(references)
        .isInstanceOfSatisfying(
            Resolved.class, it -> assertThat(it.model().price()).isEqualTo(price));
  }

  private static SessionSpec budgeted() {
    SessionSpec plain = spec(null);
    return new SessionSpec(
        plain.agentRef(),
        plain.environmentRef(),
        null,
        Map.of(),
        List.of(),
        null,
        null,
        null,
        null,
        SessionSpec.Budget.ofCents("250"));
  }

  private static ModelProviderSpec.Model model(String name, String upstream, Integer maxTokens) {
    return new ModelProviderSpec.Model(name, upstream, maxTokens, null, null);
  }
}
