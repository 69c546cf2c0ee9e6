package dev.rouse.e2e.kill;

import dev.rouse.e2e.cluster.Namespace;
import dev.rouse.e2e.cluster.WorkSession;
import dev.rouse.e2e.evidence.EvidenceAssert;
import dev.rouse.e2e.wire.ApiSession;
import dev.rouse.e2e.wire.Caller;
import dev.rouse.e2e.wire.Promises;
import dev.rouse.e2e.wire.StreamFollower;

/** How a session is spoken to, and what its client can say of it in the end. */
sealed interface Voice extends AutoCloseable {

  /** Makes the session of a case. */
  static Voice of(KillCase kill, Namespace namespace, Caller caller) {
    return switch (kill.client()) {
      case KUBECTL -> new Kubectl(namespace.work(kill.session(), kill.message()));
      case API -> {
        ApiSession session = ApiSession.create(caller, "worker", kill.session());
        yield new Api(session, session.follow(caller));
      }
    };
  }

  WorkSession session();

  /** Says the first words, if the session does not have them yet. */
  void begin(String text);

  /** Returns when it was taken, whatever has to be repeated for that. */
  void say(String text);

  void judge(EvidenceAssert evidence, String... said);

  @Override
  void close();

  /** Through the object. */
  record Kubectl(WorkSession session) implements Voice {

    @Override
    public void begin(String text) {
      // They were in the object that was applied.
    }

    @Override
    public void say(String text) {
      session.say("more", text);
    }

    @Override
    public void judge(EvidenceAssert evidence, String... said) {
      evidence.heard(said);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** Through the HTTP API, with a stream that is followed all the time. */
  record Api(ApiSession api, StreamFollower follower) implements Voice {

    @Override
    public WorkSession session() {
      return api.work();
    }

    @Override
    public void begin(String text) {
      say(text);
    }

    @Override
    public void say(String text) {
      api.send(ApiSession.message(text));
    }

    @Override
    public void judge(EvidenceAssert evidence, String... said) {
      evidence.heardFromClients(said);
      Promises.assertKept(api, follower);
    }

    @Override
    public void close() {
      follower.close();
    }
  }
}
