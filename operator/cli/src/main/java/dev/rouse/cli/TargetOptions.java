package dev.rouse.cli;

import dev.rouse.session.portable.FileHeader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a session is to be called where it is brought to, and what it refers to there. */
final class TargetOptions {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the new Session; else the one that it has.")
  private @Nullable String name;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description =
          "What spec.agentRef is to say there; else what it says. The agent itself goes with the"
              + " session.")
  private @Nullable String agent;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description = "Environment there to make sandboxes from; else one of the name that it has.")
  private @Nullable String environment;

  /** The name there of a session that is called {@code session} here. */
  String nameOf(String session) {
    return Objects.requireNonNullElse(name, session);
  }

  /** What to ask for, of a session whose file begins so. */
  Upload.Wish wish(FileHeader header) {
    return new Upload.Wish(
        nameOf(header.name()),
        Objects.requireNonNullElse(agent, header.agent()),
        Objects.requireNonNullElse(environment, header.environment()));
  }
}
