package dev.rouse.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One conversation with an agent, and the work it does: durable, resumable, cheap when idle. */
@Group(Rouse.GROUP)
@Version(Rouse.VERSION)
@Kind("Session")
@Singular("session")
@Plural("sessions")
@ShortNames("sess")
@AdditionalPrinterColumn(name = "Agent", jsonPath = ".spec.agentRef.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Stop reason", jsonPath = ".status.stopReason")
@AdditionalPrinterColumn(name = "Events", jsonPath = ".status.log.head", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Cost", jsonPath = ".status.usage.listCost")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Title", jsonPath = ".spec.title", priority = 1)
@AdditionalPrinterColumn(name = "Brain pod", jsonPath = ".status.harness.pod", priority = 1)
@AdditionalPrinterColumn(name = "Hands pod", jsonPath = ".status.hands.pod", priority = 1)
@AdditionalPrinterColumn(
    name = "Tokens",
    jsonPath = ".status.usage.outputTokens",
    type = Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Suspended",
    jsonPath = ".spec.suspend",
    type = Type.BOOLEAN,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason",
    priority = 1)
// The status may trail the log, which judges a budget once more.
@ValidationRule(
    value =
        "!has(self.spec.budget) || (has(oldSelf.spec.budget) && self.spec.budget =="
            + " oldSelf.spec.budget) || !has(self.status) || !has(self.status.usage) ||"
            + " !has(self.status.usage.listCost) || double(self.spec.budget.maxListCost.amount) >"
            + " double(self.status.usage.listCost) * 100.0",
    fieldPath = ".spec.budget.maxListCost.amount",
    message =
        "spec.budget.maxListCost.amount must be more than the session has cost"
            + " (status.usage.listCost): raise it further, or remove spec.budget")
public class Session extends CustomResource<SessionSpec, SessionStatus> implements Namespaced {}
