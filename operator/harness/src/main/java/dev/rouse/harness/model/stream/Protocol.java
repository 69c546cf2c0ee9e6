package dev.rouse.harness.model.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.harness.model.ModelProvider.Listener;
import dev.rouse.harness.model.ModelRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one kind of provider is asked, and how it answers. Safe for many threads. */
public interface Protocol {

  /** The path below the base URL, beginning with a slash. */
  String path();

  /** The headers of a request; {@code key} is null where the provider wants none. */
  Map<String, String> headers(@Nullable String key);

  /** The body of a request. */
  ObjectNode body(ModelRequest request);

  /** Begins to read one answer. */
  AnswerStream reading(ModelRequest request, Listener listener);

  /**
   * Whether the request can be put in other words that this provider takes; {@link #body} uses them
   * from now on.
   */
  default boolean rewords(int status, ProviderError error) {
    return false;
  }
}
