package dev.rouse.e2e.cluster;

/** A namespace in which sessions can work. */
public final class Namespace {

  private final Cluster cluster;
  private final String name;

  Namespace(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  public Cluster cluster() {
    return cluster;
  }

  public String name() {
    return name;
  }

  /** Makes a session of the agent {@code worker} that is told {@code text}. */
  public WorkSession work(String session, String text) {
    return work(session, "worker", text);
  }

  /** Makes a session of an agent that is told {@code text}. */
  public WorkSession work(String session, String agent, String text) {
    return WorkSession.create(this, session, agent, text);
  }

  /** A session that somebody else made, by its UID. */
  public WorkSession sessionOf(String uid) {
    return WorkSession.ofUid(this, uid);
  }

  /** A session that somebody else made. */
  public WorkSession existing(String session) {
    return WorkSession.of(this, session);
  }

  /** Applies a YAML text with kubectl and expects it to be taken. */
  public void apply(String yaml) {
    cluster.kubectl().apply(yaml, "-n", name);
  }

  /** What kubectl shows of a session at a JSONPath; empty if there is nothing. */
  public String field(String session, String path) {
    return cluster
        .kubectl()
        .run("get", "sessions.rouse.dev", session, "-n", name, "-o", "jsonpath=" + path);
  }
}
