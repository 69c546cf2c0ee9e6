package dev.rouse.api;

/** Names that several parts must spell alike. */
public final class Rouse {

  public static final String GROUP = "rouse.dev";
  public static final String VERSION = "v1alpha1";
  public static final String API_VERSION = GROUP + "/" + VERSION;

  /**
   * Field manager of the operator; it owns specs of pods and volumes and its part of the status.
   */
  public static final String OPERATOR_MANAGER = "rouse-operator";

  /** Field manager of the server; it owns its part of {@code Session.status}. */
  public static final String SERVER_MANAGER = "rouse-server";

  /** Field manager of what API callers write through the server: it owns specs, never by force. */
  public static final String API_MANAGER = "rouse-api";

  /** On Agents and Environments archived over the public API: when, RFC 3339. */
  public static final String ARCHIVED_AT_ANNOTATION = GROUP + "/archived-at";

  /**
   * On a Session that is being created through the API, with any value: it does not exist for
   * callers until its log has begun, and is removed when that does not happen. On an Environment
   * that is being created with an {@code Idempotency-Key}: its name is not yet known to be free.
   */
  public static final String CREATING_ANNOTATION = GROUP + "/creating";

  /**
   * Finalizer of Sessions whose log is in a database: the object goes when the log is gone. Where
   * logs are in ConfigMaps, owner references do that.
   */
  public static final String LOG_FINALIZER = GROUP + "/log";

  /**
   * On what was created through the API with an {@code Idempotency-Key}: a digest of who asked, of
   * the key and of the request, by which the same request is recognised when it comes again.
   */
  public static final String REQUEST_ANNOTATION = GROUP + "/request";

  /** Condition of a Session, written by the server: it cannot be the fork that it is to be. */
  public static final String FORK_REFUSED = "ForkRefused";

  /** On pods and volumes of a session: the Session's UID. Never believed, only looked up by. */
  public static final String SESSION_LABEL = "rouse.dev/session";

  /** On pods of a session: {@code brain} or {@code hands}. */
  public static final String ROLE_LABEL = "rouse.dev/role";

  /** On ConfigMaps that hold a log: the Session's UID. */
  public static final String LOG_LABEL = "rouse.dev/log";

  /** On Leases that are work items of self-hosted environments: the Session's UID. */
  public static final String WORK_LABEL = "rouse.dev/work";

  /** Audience of the tokens that people's tools send to the server. */
  public static final String AUDIENCE = "rouse";

  /** Audience of the tokens that brains send to the server. */
  public static final String BRAIN_AUDIENCE = "rouse-brain";

  /** Where the release is, unless somebody says otherwise. */
  public static final String RELEASE_NAMESPACE = "rouse-system";

  /** The server's Service in the release namespace. */
  public static final String SERVER_SERVICE = "rouse-server";

  /** The Secret of the release namespace that holds the server's own certificate and its CA. */
  public static final String TLS_SECRET = "rouse-server-tls";

  /** The ConfigMap of the release namespace by which everybody trusts the server. */
  public static final String CA_CONFIG_MAP = "rouse-server-ca";

  /** Where in {@link #CA_CONFIG_MAP} the CA is, PEM. */
  public static final String CA_KEY = "ca.crt";

  private Rouse() {}
}
