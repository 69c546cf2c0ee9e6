package dev.rouse.api.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.AgentSpec;
import dev.rouse.api.AgentSpec.Config;
import dev.rouse.api.AgentSpec.DefaultConfig;
import dev.rouse.api.AgentSpec.Model;
import dev.rouse.api.AgentSpec.PermissionPolicy;
import dev.rouse.api.AgentSpec.Tool;
import dev.rouse.api.AgentSpec.ToolName;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.EnvironmentSpec.Networking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Nothing is lost between the object and the wire, whichever way one goes first. */
class WirePropertiesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property(tries = 500)
  void whatTheWireShowsMakesTheSameAgentAgain(@ForAll("agents") AgentSpec spec) throws Exception {
    // When
    AgentSpec again = AgentWire.create(body(AgentWire.write(spec, "object")));
    // Then
    assertThat(AgentWire.write(again, "other")).isEqualTo(AgentWire.write(spec, "object"));
    // What is resolved already is kept as it is written, field by field.
    assertThat(AgentWire.create(body(AgentWire.write(again, "other")))).isEqualTo(again);
  }

  @Property(tries = 300)
  void theObjectKeepsAnAgentAsItIs(@ForAll("agents") AgentSpec spec) throws Exception {
    // When
    AgentSpec kept = JSON.readValue(JSON.writeValueAsString(spec), AgentSpec.class);
    // Then
    assertThat(kept).isEqualTo(spec);
  }

  @Tag("contract-agent-no-change")
  @Property(tries = 300)
  void sendingBackWhatWasShownChangesNothing(@ForAll("agents") AgentSpec spec) throws Exception {
    // When
    AgentSpec after =
        AgentWire.update(spec, "object", body(AgentWire.write(spec, "object"))).spec();
    // Then
    assertThat(after).isEqualTo(spec);
  }

  @Property(tries = 300)
  void environmentsAreTheSame(@ForAll("environments") EnvironmentSpec spec) throws Exception {
    // When
    ObjectNode shown = EnvironmentWire.write(spec, "object");
    EnvironmentSpec after = EnvironmentWire.update(spec, "object", body(shown));
    EnvironmentSpec kept = JSON.readValue(JSON.writeValueAsString(spec), EnvironmentSpec.class);
    // Then
    assertThat(after).isEqualTo(spec);
    assertThat(kept).isEqualTo(spec);
    assertThat(EnvironmentWire.write(EnvironmentWire.create(body(shown)), "x")).isEqualTo(shown);
  }

  private static Body body(JsonNode json) throws Exception {
    return Body.parse(JSON.writeValueAsBytes(json));
  }

  @Provide
  Arbitrary<AgentSpec> agents() {
    return Combinators.combine(
            text(1, 256).injectNull(0.2),
            text(1, 300).injectNull(0.3),
            models(),
            text(1, 2000).injectNull(0.3),
            tools(),
            metadata(),
            Arbitraries.of(true, false).injectNull(0.5))
        .as(AgentSpec::new);
  }

  @Provide
  Arbitrary<EnvironmentSpec> environments() {
    return Combinators.combine(
            text(1, 256).injectNull(0.2),
            text(1, 300).injectNull(0.3),
            metadata(),
            text(1, 20).injectNull(0.5),
            Arbitraries.of(Networking.Type.class).map(Networking::new).injectNull(0.5),
            Arbitraries.of(true, false).injectNull(0.5))
        .as((name, description, metadata, image, networking, archived) ->
            new EnvironmentSpec(
                name,
                description,
                metadata,
                null,
                image,
                null,
                null,
                networking,
                null,
                true,
                "PT5S",
                archived));
  }

  private static Arbitrary<String> text(int min, int max) {
    return Arbitraries.strings()
        .ofMinLength(min)
        .ofMaxLength(max)
        .excludeChars('\ud800', '\udfff')
        .filter(it -> it.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
  }

  private static Arbitrary<Model> models() {
    return Combinators.combine(
            text(1, 40),
            Arbitraries.of(Model.Effort.class).injectNull(0.4),
            Arbitraries.of(Model.Speed.class).injectNull(0.5))
        .as(Model::new);
  }

  private static Arbitrary<Map<String, String>> metadata() {
    return Arbitraries.maps(text(1, 64), text(1, 50)).ofMaxSize(16);
  }

  private static Arbitrary<List<Tool>> tools() {
    Arbitrary<PermissionPolicy> policy =
        Arbitraries.of(PermissionPolicy.Type.class).map(PermissionPolicy::new).injectNull(0.4);
    Arbitrary<Boolean> enabled = Arbitraries.of(true, false).injectNull(0.4);
    Arbitrary<Config> config =
        Combinators.combine(
                // The web tools are written as they are for everybody: off.
                Arbitraries.of(ToolName.class).filter(it -> !it.name().startsWith("web_")),
                enabled,
                policy)
            .as(Config::new);
    // An empty defaultConfig says nothing, and is not kept.
    Arbitrary<DefaultConfig> defaults =
        Combinators.combine(enabled, policy)
            .as(DefaultConfig::new)
            .map(it -> it.enabled() == null && it.permissionPolicy() == null ? null : it);
    Arbitrary<Tool> builtIn =
        Combinators.combine(defaults, config.list().ofMaxSize(6).uniqueElements(Config::name))
            .as(Tool::builtIn);
    Arbitrary<Tool> custom =
        Combinators.combine(
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(8).ofMaxLength(20),
                text(1, 50).filter(it -> !it.isBlank()),
                schemas())
            .as(Tool::custom);
    return Combinators.combine(
            builtIn.injectNull(0.3), custom.list().ofMaxSize(4).uniqueElements(Tool::name))
        .as((first, rest) -> {
          List<Tool> all = new ArrayList<>(rest);
          if (first != null) {
            all.add(rest.size() / 2, first);
          }
          return all;
        });
  }

  private static Arbitrary<JsonNode> schemas() {
    return Combinators.combine(
            Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(10),
            Arbitraries.doubles().between(-1e9, 1e9),
            Arbitraries.longs())
        .as((name, number, whole) -> {
          ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
          schema
              .putObject("properties")
              .putObject(name)
              .put("minimum", number)
              .put("maximum", whole)
              .putNull("default");
          schema.putArray("required");
          return schema;
        });
  }
}
