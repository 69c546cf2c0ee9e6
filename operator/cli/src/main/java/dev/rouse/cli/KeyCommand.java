package dev.rouse.cli;

import picocli.CommandLine.Command;

/** {@code kubectl rouse key}: API keys for programs that have no Kubernetes token. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Make, list and revoke API keys.",
      "A key stands for a ServiceAccount and has its rights in sessions, agents and environments.",
      "Keys are kept, as hashes, in Secrets of the namespace that Rouse is installed in."
    },
    subcommands = {KeyCreateCommand.class, KeyListCommand.class, KeyRevokeCommand.class},
    footer = {
      "",
      "Examples:",
      "  kubectl rouse key create --as-sa team-a/ci --name 'build robot' --expires 90d",
      "  kubectl rouse key list",
      "  kubectl rouse key revoke rouse-key-0123456789abcdef0123"
    })
final class KeyCommand {}
