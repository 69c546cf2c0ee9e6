package dev.rouse.cli;

import picocli.CommandLine.Command;

/** {@code kubectl rouse environment-key}: keys for workers of self-hosted environments. */
@Command(
    name = "environment-key",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Make, list and revoke the keys of self-hosted environments.",
      "A worker with such a key may take the environment's work, read its sessions and give results"
          + " of their calls, and nothing else.",
      "Keys are kept, as hashes, in Secrets of the namespace that Rouse is installed in."
    },
    subcommands = {
      EnvironmentKeyCreateCommand.class,
      EnvironmentKeyListCommand.class,
      EnvironmentKeyRevokeCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  kubectl rouse environment-key create --environment farm -n team-a --expires 90d",
      "  kubectl rouse environment-key list",
      "  kubectl rouse environment-key revoke rouse-env-key-0123456789abcdef0123"
    })
final class EnvironmentKeyCommand {}
