package dev.rouse.server.keeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionSpec;
import dev.rouse.server.resource.RequestKey;
import dev.rouse.server.resource.SpecObjects.Change;
import dev.rouse.session.Ids;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions that are about to be made: what record 0 is judged by before there is an object. */
final class Drafts {

  private static final int SLUG = 31;
  private static final int RANDOM = 8;

  /** Stands in a draft until the API server has given a UID. */
  private static final String NO_UID = new UUID(0, 0).toString();

  private static final ObjectMapper SPECS = new ObjectMapper();

  private Drafts() {}

  static Session of(String namespace, String name, SessionSpec spec) {
    Session draft = new Session();
    draft.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(name).withUid(NO_UID).build());
    draft.setSpec(spec);
    return draft;
  }

  /** What makes the draft an object, with the mark that hides it. @param key null for none */
  static Change change(Session draft, @Nullable RequestKey key) {
    return change(draft, key, "true");
  }

  /** The same with a mark that says what is awaited. */
  static Change change(Session draft, @Nullable RequestKey key, String mark) {
    Map<String, String> annotations = new HashMap<>(key == null ? Map.of() : key.annotations());
    annotations.put(Rouse.CREATING_ANNOTATION, mark);
    return Change.create(
        draft.getMetadata().getNamespace(),
        draft.getMetadata().getName(),
        annotations,
        SPECS.valueToTree(draft.getSpec()));
  }

  /** A name for people to recognise, and unlike any other. */
  static String name(SessionSpec spec, Ids ids) {
    String slug =
        Optional.ofNullable(spec.title())
            .map(Drafts::slug)
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> slug(spec.agentRef().name()));
    String random = ids.next("name").toLowerCase(Locale.ROOT);
    return (slug.isEmpty() ? "session" : slug) + "-" + random.substring(random.length() - RANDOM);
  }

  /** What a fork makes an object of; it bears no mark, for its spec says what it is to be. */
  static Change fork(Session draft) {
    return Change.create(
        draft.getMetadata().getNamespace(),
        draft.getMetadata().getName(),
        Map.of(),
        SPECS.valueToTree(draft.getSpec()));
  }

  private static String slug(String text) {
    String plain =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
    return plain.substring(0, Math.min(SLUG, plain.length())).replaceAll("-+$", "");
  }
}
