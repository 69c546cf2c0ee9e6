package dev.rouse.server.keeper;

import dev.rouse.api.Session;
import dev.rouse.api.reference.Lookup;
import dev.rouse.session.SessionState;
import java.util.Optional;

/** Whether a log can go on with a Session of another environment. */
final class EnvironmentTypes {

  private final Lookup lookup;

  EnvironmentTypes(Lookup lookup) {
    this.lookup = lookup;
  }

  /** What is wrong with it; empty if it can, or nobody can say yet. */
  Optional<String> fault(Session session, SessionState copied) {
    String name = session.getSpec().environmentRef().name();
    return lookup
        .environment(session.getMetadata().getNamespace(), name)
        .filter(it -> it.getSpec().selfHosted() != copied.selfHosted())
        .map(it ->
            "spec.environmentRef: Environment %s is of type %s, and the log is of one of type %s, which never changes: name another Environment"
                .formatted(name, type(it.getSpec().selfHosted()), type(copied.selfHosted())));
  }

  private static String type(boolean selfHosted) {
    return selfHosted ? "self_hosted" : "cloud";
  }
}
