package dev.rouse.api.crd;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rouse.api.Agent;
import dev.rouse.api.Environment;
import dev.rouse.api.ModelProvider;
import dev.rouse.api.Session;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDGenerator.AbstractCRDOutput;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the files of {@code crds/} from the records, and adds what annotations cannot say:
 * list-maps, the order of columns, the category.
 */
final class CrdGenerator {

  private static final String CATEGORY = "rouse";

  /** Lists whose entries have a key, by property name. */
  private static final Map<String, String> LIST_MAPS =
      Map.of("conditions", "type", "messages", "id");

  private static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(Agent.class, Environment.class, ModelProvider.class, Session.class);

  private CrdGenerator() {}

  /** The files: name to content. */
  static Map<String, String> generate() {
    Output output = new Output();
    new CRDGenerator()
        .withOutput(output)
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        .withPostProcessor(new Finish())
        .customResourceClasses(List.copyOf(KINDS))
        .generate();
    return output.files();
  }

  private static final class Finish implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
      CustomResourceDefinition definition = (CustomResourceDefinition) crd;
      definition.getSpec().getNames().setCategories(List.of(CATEGORY));
      CustomResourceDefinitionVersion version = definition.getSpec().getVersions().getFirst();
      version.setAdditionalPrinterColumns(
          ordered(
              version.getAdditionalPrinterColumns(),
              kind(definition.getSpec().getNames().getKind())));
      JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
      schema.setRequired(List.of("spec"));
      schema.getProperties().values().forEach(Finish::makeListMaps);
      schema.getProperties().values().forEach(Finish::describeInputSchemas);
      return definition;
    }

    private static Class<?> kind(String name) {
      return KINDS.stream().filter(it -> it.getSimpleName().equals(name)).findFirst().orElseThrow();
    }

    /** In the order in which the class names them. */
    private static List<CustomResourceColumnDefinition> ordered(
        List<CustomResourceColumnDefinition> columns, Class<?> kind) {
      List<String> names =
          Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
              .map(AdditionalPrinterColumn::name)
              .toList();
      return columns.stream()
          .sorted(Comparator.comparingInt(column -> names.indexOf(column.getName())))
          .toList();
    }

    /** A tool's input schema is free but for one word, so that kubectl hears of the usual slip. */
    private static void describeInputSchemas(JSONSchemaProps schema) {
      if (schema.getProperties() == null) {
        return;
      }
      // Those of a Session's overrides as well.
      schema.getProperties().values().forEach(Finish::describeInputSchemas);
      if (schema.getProperties().get("tools") == null) {
        return;
      }
      JSONSchemaProps tool = schema.getProperties().get("tools").getItems().getSchema();
      JSONSchemaProps type =
          new JSONSchemaPropsBuilder()
              .withType("string")
              .withEnum(JsonNodeFactory.instance.textNode("object"))
              .build();
      tool.getProperties()
          .put(
              "inputSchema",
              new JSONSchemaPropsBuilder(tool.getProperties().get("inputSchema"))
                  .withType("object")
                  .withXKubernetesPreserveUnknownFields(true)
                  .withProperties(Map.of("type", type))
                  .withRequired("type")
                  .build());
    }

    private static void makeListMaps(JSONSchemaProps schema) {
      if (schema.getProperties() == null) {
        return;
      }
      LIST_MAPS.forEach((property, key) -> {
        JSONSchemaProps list = schema.getProperties().get(property);
        if (list != null && "array".equals(list.getType())) {
          list.setXKubernetesListType("map");
          list.setXKubernetesListMapKeys(List.of(key));
        }
      });
      JSONSchemaProps conditions = schema.getProperties().get("conditions");
      if (conditions != null) {
        conditions
            .getItems()
            .getSchema()
            .setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
      }
    }
  }

  private static final class Output extends AbstractCRDOutput<ByteArrayOutputStream> {
    private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

    @Override
    protected ByteArrayOutputStream createStreamFor(String crdName) {
      return streams.computeIfAbsent(
          crdName.replaceFirst("-v1$", "") + ".yaml", _ -> new ByteArrayOutputStream());
    }

    Map<String, String> files() {
      return streams.entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  it -> it.getValue().toString(StandardCharsets.UTF_8),
                  (a, _) -> a,
                  LinkedHashMap::new));
    }
  }
}
