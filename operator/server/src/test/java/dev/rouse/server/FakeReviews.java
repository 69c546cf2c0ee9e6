package dev.rouse.server;

import dev.rouse.server.auth.Access;
import dev.rouse.server.auth.Identity;
import dev.rouse.server.auth.ReviewUnavailable;
import dev.rouse.server.auth.Reviews;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows tokens and rights by heart, and counts how often it was asked. */
public final class FakeReviews implements Reviews {

  private record Known(String audience, Identity identity) {}

  private final Map<String, Known> tokens = new ConcurrentHashMap<>();
  private final Set<String> rights = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean down;

  /** A person's or program's token. */
  public FakeReviews person(String token, String namespace, String name) {
    String username = "system:serviceaccount:" + namespace + ":" + name;
    tokens.put(token, new Known("rouse", new Identity(username, "u", List.of(), Map.of())));
    return this;
  }

  /** The token of a user of no namespace. */
  public FakeReviews user(String token, String username) {
    tokens.put(token, new Known("rouse", new Identity(username, "u", List.of(), Map.of())));
    return this;
  }

  /** The token of a brain's pod. */
  public FakeReviews pod(String token, String namespace, String podUid) {
    tokens.put(
        token,
        new Known(
            "rouse-brain",
            new Identity(
                "system:serviceaccount:" + namespace + ":default",
                "u",
                List.of(),
                Map.of("authentication.kubernetes.io/pod-uid", List.of(podUid)))));
    return this;
  }

  /** Grants for example {@code "ci get sessions team-a"}. */
  public FakeReviews grant(String name, String right, String namespace) {
    rights.add(name + " " + right + " " + namespace);
    return this;
  }

  public void revoke(String name, String right, String namespace) {
    rights.remove(name + " " + right + " " + namespace);
  }

  public void forget(String token) {
    tokens.remove(token);
  }

  public void down(boolean isDown) {
    down = isDown;
  }

  public int asked() {
    return asked.get();
  }

  @Override
  public Optional<Identity> identify(String token, String audience) {
    ask();
    return Optional.ofNullable(tokens.get(token))
        .filter(known -> known.audience().equals(audience))
        .map(Known::identity);
  }

  @Override
  public boolean allows(Identity who, Access access) {
    ask();
    String name = who.username().substring(who.username().lastIndexOf(':') + 1);
    return rights.contains(name + " " + access.describe() + " " + access.namespace());
  }

  private void ask() {
    asked.incrementAndGet();
    if (down) {
      throw new ReviewUnavailable("planned failure", new IOException("down"));
    }
  }
}
