package dev.rouse.harness.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What becomes of a call. Reason codes are an open list of the wire. */
public sealed interface Verdict {

  /** Nobody could judge. */
  String INDETERMINATE = "indeterminate";

  /** It is safe: it runs. */
  record Allow() implements Verdict {}

  /** A person has to say. */
  record Ask(String reasonCode) implements Verdict {}

  /** It does not run, and the model is told. */
  record Deny(String reasonCode) implements Verdict {}

  /** The wire's {@code evaluated_permission}. */
  default String permission() {
    return switch (this) {
      case Allow _ -> "allow";
      case Ask _ -> "ask";
      case Deny _ -> "deny";
    };
  }

  /** The wire's {@code evaluation} of a call that was judged. */
  default ObjectNode evaluation() {
    ObjectNode evaluation = JsonNodeFactory.instance.objectNode().put("type", "auto");
    ObjectNode evaluated = evaluation.putObject("evaluated_permission").put("type", permission());
    switch (this) {
      case Allow _ -> {}
      case Ask(String reasonCode) -> evaluated.put("reason_code", reasonCode);
      case Deny(String reasonCode) -> evaluated.put("reason_code", reasonCode);
    }
    return evaluation;
  }
}
