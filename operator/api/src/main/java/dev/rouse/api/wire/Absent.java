package dev.rouse.api.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * A part of the public contract that this version does not have. Whatever asks for one, or refers
 * to one, is refused by {@link #message}; {@link #PAGE} lists them all.
 */
public enum Absent {
  FILES("files are", "send texts, images and documents within messages"),
  SKILLS("skills are", "put instructions into the agent's system prompt", "skills"),
  VAULTS(
      "vaults are", "sandboxes hold no credentials: run such calls as custom tools", "vault_ids"),
  MEMORY_STORES("memory stores are", "files in /workspace outlive every turn", "memory_store_id"),
  DEPLOYMENTS("deployments are", "create sessions from a CronJob or a program", "deployment_id"),
  DREAMS("dreams are", "nothing takes their place"),
  WEBHOOKS("webhooks are", "follow the session's event stream, or watch Session objects"),
  OUTCOMES("outcomes are", "send a user.message that says what is wanted"),
  ROSTERS(
      "rosters, child threads and workflow runs are",
      "make a session for each agent in your own program",
      "multiagent"),
  RESOURCES(
      "session resources are", "let the agent fetch what it needs into /workspace", "resources"),
  PACKAGES(
      "packages of environments are", "set spec.image of the Environment to one that has them"),
  MCP(
      "MCP servers and their toolsets are",
      "describe such calls as custom tools, which your program runs",
      "mcp_servers"),
  WEB_SEARCH("the tool web_search is", "set enabled to false, and give the agent a custom tool"),
  WEB_FETCH(
      "the tool web_fetch is",
      "set enabled to false, and let bash fetch where the Environment's networking allows it"),
  AWS_ROLE("execution identities of AWS are", "leave it out: sandboxes have no cloud identity"),
  INFERENCE_GEO(
      "the choice of a place is",
      "leave it out, and choose by the baseURL of a ModelProvider",
      "inference_geo"),
  FAST("the speed fast is", "leave it out"),
  ALLOWED_HOSTS(
      "opening networking host by host is",
      "leave it empty, and the sandbox reaches nothing, or set networking.type to unrestricted"),
  ACCOUNT_SCOPE("the scope account is", "leave it out: namespaces and roles separate people"),
  ORGANIZATIONS("organizations are", "namespaces, roles and API keys are the cluster's"),
  USER_PROFILES("user profiles are", "people are those of the cluster"),
  TUNNELS("MCP tunnels are", "describe such calls as custom tools, which your program runs");

  /** Where the status of each stands, in the project's folder. */
  public static final String PAGE = "docs/compatibility.md";

  private final String subject;
  private final String way;
  private final Set<String> fields;

  /**
   * @param subject with its verb @param way what works today @param fields of bodies and queries
   *     that speak of nothing else
   */
  Absent(String subject, String way, String... fields) {
    this.subject = subject;
    this.way = way;
    this.fields = Set.of(fields);
  }

  /** What is absent, with its verb: {@code "skills are"}. */
  public String subject() {
    return subject;
  }

  /** What works today instead. */
  public String way() {
    return way;
  }

  /** Its place on the page. */
  public String anchor() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names the feature, a way that works today, and the page with its status. */
  public String message() {
    return "%s not available yet: %s (%s#%s)".formatted(subject, way, PAGE, anchor());
  }

  /** The one that a field of this name speaks of. */
  static Absent ofField(String field) {
    return Arrays.stream(values())
        .filter(it -> it.fields.contains(field))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no absent feature has a field " + field));
  }
}
