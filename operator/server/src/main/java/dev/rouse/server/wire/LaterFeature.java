package dev.rouse.server.wire;

import dev.rouse.server.http.PathTemplate;
import java.util.Arrays;
import java.util.Optional;

/** A part of the contract (§1.4, §1.6–1.13) that this version does not have, and what to do. */
enum LaterFeature {
  RESOURCES(
      "/v1/sessions/{session}/resources",
      "session resources: let the agent fetch what it needs into /workspace"),
  VAULTS("/v1/vaults", "vaults: sandboxes hold no credentials; run such calls as custom tools"),
  MEMORY_STORES("/v1/memory_stores", "memory stores: files in /workspace outlive every turn"),
  DEPLOYMENTS("/v1/deployments", "deployments: create sessions from a CronJob or a program"),
  DEPLOYMENT_RUNS(
      "/v1/deployment_runs", "deployment runs: create sessions from a CronJob or a program"),
  DREAMS("/v1/dreams", "dreams: nothing takes their place"),
  FILES("/v1/files", "files: send texts and images within messages"),
  SKILLS("/v1/skills", "skills: put instructions into the agent's system prompt"),
  ORGANIZATIONS(
      "/v1/organizations", "organizations: namespaces, roles and API keys are the cluster's"),
  USER_PROFILES("/v1/user_profiles", "user profiles: people are those of the cluster");

  private final PathTemplate path;
  private final String message;

  LaterFeature(String path, String message) {
    this.path = new PathTemplate(path);
    this.message = message;
  }

  /** Names the feature and a way that works today. */
  String message() {
    return "not available yet: " + message;
  }

  /** The feature that a path, or what it lies below, belongs to. */
  static Optional<LaterFeature> of(String path) {
    return Arrays.stream(values()).filter(feature -> feature.path.leadsTo(path)).findFirst();
  }
}
