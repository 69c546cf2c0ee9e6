package dev.rouse.server.brain;

import dev.rouse.api.Rouse;
import dev.rouse.api.Session;
import dev.rouse.api.SessionStatus;
import dev.rouse.api.SessionStatus.Harness;
import dev.rouse.server.auth.Identity;
import dev.rouse.server.auth.Reviews;
import dev.rouse.server.http.Call;
import dev.rouse.server.resource.Sessions;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is the brain of a session: the pod that {@code status.harness} names, which only the operator
 * writes. The pod is the one that its token is bound to, says the API server; nothing that a pod
 * says about itself is believed.
 */
final class BrainGate {

  /** A brain that may speak for a session. */
  record Brain(Session session, String podUid) {}

  /** The operator names a pod right after making it; its brain may be a little faster. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Duration GLANCE = Duration.ofMillis(250);

  private final Reviews reviews;
  private final Sessions sessions;

  BrainGate(Reviews reviews, Sessions sessions) {
    this.reviews = reviews;
    this.sessions = sessions;
  }

  /** The caller as brain of this session, or a refusal that says what is wrong. */
  Brain admit(Call call, String sessionUid) throws Refused, InterruptedException {
    return admit(call, sessionUid, Duration.ZERO);
  }

  /** The same for a wake, which may come before the operator has named the pod. */
  Brain admitPatiently(Call call, String sessionUid) throws Refused, InterruptedException {
    return admit(call, sessionUid, PATIENCE);
  }

  private Brain admit(Call call, String sessionUid, Duration patience)
      throws Refused, InterruptedException {
    Identity caller =
        call.bearer()
            .flatMap(token -> reviews.identify(token, Rouse.BRAIN_AUDIENCE))
            .orElseThrow(() ->
                Refused.of(
                    Code.UNAUTHENTICATED,
                    "a pod's token of audience " + Rouse.BRAIN_AUDIENCE + " is needed"));
    String podUid =
        caller
            .podUid()
            .orElseThrow(() ->
                Refused.of(
                    Code.UNAUTHENTICATED,
                    "the token of " + caller.username() + " is not bound to a pod"));
    Session session = named(sessionUid, podUid, patience);
    if (!caller.namespace().equals(Optional.of(session.getMetadata().getNamespace()))) {
      throw notTheBrain(sessionUid, podUid);
    }
    return new Brain(session, podUid);
  }

  private Session named(String sessionUid, String podUid, Duration patience)
      throws Refused, InterruptedException {
    Predicate<Session> names = session -> podUid.equals(harnessOf(session));
    Optional<Session> session = sessions.await(sessionUid, names, Duration.ZERO);
    if (session.filter(names).isPresent()) {
      return session.get();
    }
    // What is watched may lag; what is read does not.
    session = sessions.refresh(sessionUid);
    Duration left = patience;
    while (session.filter(names).isEmpty() && left.isPositive()) {
      sessions.await(sessionUid, names, GLANCE);
      session = sessions.refresh(sessionUid);
      left = left.minus(GLANCE);
    }
    if (session.isEmpty()) {
      throw Refused.of(Code.GONE, "there is no session with UID " + sessionUid);
    }
    return session.filter(names).orElseThrow(() -> notTheBrain(sessionUid, podUid));
  }

  private static Refused notTheBrain(String sessionUid, String podUid) {
    return Refused.of(
        Code.FENCED,
        "pod "
            + podUid
            + " is not the one that status.harness of session "
            + sessionUid
            + " names");
  }

  private static @Nullable String harnessOf(Session session) {
    SessionStatus status = session.getStatus();
    Harness harness = status == null ? null : status.harness();
    return harness == null ? null : harness.uid();
  }
}
