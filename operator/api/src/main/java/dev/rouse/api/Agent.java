package dev.rouse.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What an agent is: a model, a system prompt and tools. Every change is a new, immutable version.
 */
@Group(Rouse.GROUP)
@Version(Rouse.VERSION)
@Kind("Agent")
@Singular("agent")
@Plural("agents")
@ShortNames("agt")
@AdditionalPrinterColumn(name = "Model", jsonPath = ".spec.model.id")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Display name", jsonPath = ".spec.displayName", priority = 1)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
    priority = 1)
public class Agent extends CustomResource<AgentSpec, AgentStatus> implements Namespaced {}
