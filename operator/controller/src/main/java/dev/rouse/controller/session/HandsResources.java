package dev.rouse.controller.session;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What hands may use of what their Environment does not speak of. Every sandbox has a limit of
 * memory, CPU and local disk, so that what runs in it uses up its own share only.
 *
 * @param requests by resource, {@code ROUSE_HANDS_REQUESTS}
 * @param limits by resource, {@code ROUSE_HANDS_LIMITS}
 */
public record HandsResources(Map<String, Quantity> requests, Map<String, Quantity> limits) {

  static final String REQUESTS = "ROUSE_HANDS_REQUESTS";
  static final String LIMITS = "ROUSE_HANDS_LIMITS";

  private static final String REQUESTS_DEFAULT = "cpu=100m,memory=128Mi,ephemeral-storage=64Mi";
  private static final String LIMITS_DEFAULT = "cpu=2,memory=1Gi,ephemeral-storage=4Gi";

  public HandsResources {
    requests = Map.copyOf(requests);
    limits = Map.copyOf(limits);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  public static HandsResources from(Map<String, String> environment) {
    return new HandsResources(
        quantities(environment, REQUESTS, REQUESTS_DEFAULT),
        quantities(environment, LIMITS, LIMITS_DEFAULT));
  }

  private static Map<String, Quantity> quantities(
      Map<String, String> environment, String name, String otherwise) {
    String text = environment.getOrDefault(name, otherwise);
    Map<String, Quantity> quantities = new TreeMap<>();
    for (String entry : text.split(",", -1)) {
      String[] parts = entry.strip().split("=", -1);
      if (entry.isBlank()) {
        continue;
      }
      if (parts.length != 2 || !isQuantity(parts[1])) {
        throw new IllegalArgumentException(
            "%s is %s: set it to a list such as %s".formatted(name, text, otherwise));
      }
      quantities.put(parts[0], new Quantity(parts[1]));
    }
    return quantities;
  }

  private static boolean isQuantity(String text) {
    try {
      return new Quantity(text).getNumericalAmount().signum() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The resources of hands. What {@code asked} says of a resource holds; a limit that it leaves out
   * is added, and is never below what it requests.
   */
  ResourceRequirements of(@Nullable ResourceRequirements asked) {
    ResourceRequirements given = asked == null ? new ResourceRequirements() : asked;
    Map<String, Quantity> requested = new TreeMap<>(orNone(given.getRequests()));
    Map<String, Quantity> limited = new TreeMap<>(orNone(given.getLimits()));
    // A request that is left out beside a limit is as large as that: Kubernetes' own rule.
    requests.forEach((name, quantity) -> {
      if (!limited.containsKey(name)) {
        requested.putIfAbsent(name, quantity);
      }
    });
    limits.forEach(
        (name, quantity) -> limited.putIfAbsent(name, larger(quantity, requested.get(name))));
    return new ResourceRequirementsBuilder(given)
        .withRequests(requested)
        .withLimits(limited)
        .build();
  }

  private static Map<String, Quantity> orNone(@Nullable Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }

  private static Quantity larger(Quantity one, @Nullable Quantity other) {
    return other != null && other.getNumericalAmount().compareTo(one.getNumericalAmount()) > 0
        ? other
        : one;
  }
}
