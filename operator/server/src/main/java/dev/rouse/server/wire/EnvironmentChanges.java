package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.Environment;
import dev.rouse.api.EnvironmentSpec;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.WireIds;
import dev.rouse.api.wire.Body;
import dev.rouse.api.wire.EnvironmentWire;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.keeper.Creating;
import dev.rouse.server.resource.OwnedFields;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SpecObjects;
import dev.rouse.server.resource.SpecObjects.Change;
import dev.rouse.session.Ids;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of environments. A name is held by one environment at a time, archived ones aside. */
final class EnvironmentChanges {

  /** Writers of one object are few. */
  private static final int ATTEMPTS = 20;

  private final Definitions<Environment> environments;
  private final SpecObjects<Session> sessions;
  private final Clock clock;
  private final Ids ids;

  EnvironmentChanges(
      Definitions<Environment> environments, SpecObjects<Session> sessions, Clock clock, Ids ids) {
    this.environments = environments;
    this.sessions = sessions;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Makes an environment. It bears a mark until its name is known to be free: of all who ask with
   * one key one takes the mark away, and from then on nobody takes the object back.
   *
   * @param key by which the request is recognised when it comes again; null for none
   */
  Environment create(String workspace, byte[] body, @Nullable RequestKey key)
      throws WireError, InvalidBody {
    EnvironmentSpec spec = EnvironmentWire.create(Body.parse(body));
    ObjectNode tree = Specs.checked(spec);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Environment> before = environments.before(workspace, key);
      Optional<Environment> made = before.isPresent() ? before : make(workspace, spec, tree, key);
      Optional<Environment> settled = made.isEmpty() ? made : settle(made.get());
      if (settled.isPresent()) {
        return settled.get();
      }
    }
    throw raced("the new environment");
  }

  private Optional<Environment> make(
      String workspace, EnvironmentSpec spec, ObjectNode tree, @Nullable RequestKey key)
      throws WireError {
    String name = EnvironmentWire.name(spec, "");
    String objectName =
        key == null ? ObjectNames.of(name, "environment", ids) : key.name(environments.kind());
    refuseTaken(workspace, name, objectName);
    return environments.make(
        workspace, objectName, key, Map.of(Rouse.CREATING_ANNOTATION, "true"), tree);
  }

  /** Makes sure of the name. @return the object as it stays; empty if it was taken back */
  private Optional<Environment> settle(Environment made) throws WireError {
    if (!Creating.isMarked(made)) {
      return Optional.of(made);
    }
    try {
      // Of two that are made at once at least one sees the other: a name is never held twice.
      refuseTaken(
          made.getMetadata().getNamespace(),
          EnvironmentWire.name(made.getSpec(), ""),
          made.getMetadata().getName());
    } catch (WireError taken) {
      Optional<Environment> stays = remove(made);
      if (stays.isPresent()) {
        return stays;
      }
      throw taken;
    }
    Optional<Environment> unmarked = environments.specs().unmark(made);
    unmarked.ifPresent(environments.known()::learn);
    return unmarked;
  }

  /** Takes an object back, unless somebody made sure of its name meanwhile: then it stays. */
  private Optional<Environment> remove(Environment made) {
    Optional<Environment> left = Optional.of(made);
    for (int attempt = 0; attempt < ATTEMPTS && left.isPresent(); attempt++) {
      if (!Creating.isMarked(left.get())) {
        return left;
      }
      if (environments.specs().delete(left.get())) {
        environments.known().forget(made);
        return Optional.empty();
      }
      left =
          environments
              .specs()
              .read(made.getMetadata().getNamespace(), made.getMetadata().getName())
              .filter(it -> it.getMetadata().getUid().equals(made.getMetadata().getUid()));
    }
    return Optional.empty();
  }

  /**
   * @param objectName of the one that may hold the name
   */
  private void refuseTaken(String workspace, String name, String objectName) throws WireError {
    for (Environment other : environments.specs().list(workspace)) {
      String held = EnvironmentWire.name(other.getSpec(), other.getMetadata().getName());
      if (held.equals(name)
          && other.getSpec().takesSessions()
          && !other.getMetadata().getName().equals(objectName)) {
        throw WireError.conflict(
            "name: environment %s has the name \"%s\" already: choose another, or archive that one"
                .formatted(WireIds.environment(other.getMetadata().getUid()), name));
      }
    }
  }

  /**
   * @param id as the caller spelled it
   */
  Environment update(Environment known, String id, byte[] body) throws WireError, InvalidBody {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Environment environment = environments.fresh(known, id);
      String objectName = environment.getMetadata().getName();
      EnvironmentSpec before = environment.getSpec();
      EnvironmentSpec after = EnvironmentWire.update(before, objectName, Body.parse(body));
      if (!before.takesSessions()) {
        throw WireError.invalid(
            "environment_archived",
            "environment " + id + " is archived and cannot change: create a new one");
      }
      if (after.equals(before)) {
        return environment;
      }
      String name = EnvironmentWire.name(after, objectName);
      if (!name.equals(EnvironmentWire.name(before, objectName))) {
        refuseTaken(environment.getMetadata().getNamespace(), name, objectName);
      }
      Optional<Environment> written = environments.write(change(environment, after, Map.of()));
      if (written.isPresent()) {
        return written.get();
      }
    }
    throw raced("environment " + id);
  }

  /**
   * @param id as the caller spelled it
   */
  Environment archive(Environment known, String id) throws WireError {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Environment environment = environments.fresh(known, id);
      EnvironmentSpec spec = environment.getSpec();
      if (!spec.takesSessions()) {
        return environment;
      }
      Optional<Environment> written =
          environments.write(change(environment, spec.closed(), Archives.now(clock)));
      if (written.isPresent()) {
        return written.get();
      }
    }
    throw raced("environment " + id);
  }

  /**
   * @param id as the caller spelled it
   */
  void delete(Environment known, String id) throws WireError {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Environment environment = environments.fresh(known, id);
      refuseUsed(environment, id);
      if (environments.specs().delete(environment)) {
        environments.known().forget(environment);
        return;
      }
    }
    throw raced("environment " + id);
  }

  private void refuseUsed(Environment environment, String id) throws WireError {
    String name = environment.getMetadata().getName();
    for (Session session : sessions.list(environment.getMetadata().getNamespace())) {
      if (session.getSpec().environmentRef().name().equals(name)) {
        throw WireError.invalid(
            "environment %s is used by session %s: delete that session first, or archive the environment"
                .formatted(id, WireIds.session(session.getMetadata().getUid())));
      }
    }
  }

  private static Change change(
      Environment environment, EnvironmentSpec after, Map<String, String> annotations)
      throws WireError {
    OwnedFields.Plan plan =
        OwnedFields.of(environment).plan(Specs.tree(environment.getSpec()), Specs.checked(after));
    if (!plan.owners().isEmpty()) {
      throw Definitions.owned(plan.owners());
    }
    return Change.of(environment, annotations, plan.spec());
  }

  private static WireError raced(String what) {
    return WireError.notNow(what + " is changed by others all the time: try again");
  }
}
