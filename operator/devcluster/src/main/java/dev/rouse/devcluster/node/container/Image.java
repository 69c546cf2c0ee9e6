package dev.rouse.devcluster.node.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a container image on the dev node.
 *
 * @param command the program of this machine, as an image's ENTRYPOINT
 * @param args its default arguments, as an image's CMD
 * @param env its default environment
 */
public record Image(List<String> command, List<String> args, Map<String, String> env) {

  /** An image nobody declared, usable by a container that brings its own command. */
  static final Image NONE = new Image(null, null, null);

  public Image(
      @JsonProperty("command") @Nullable List<String> command,
      @JsonProperty("args") @Nullable List<String> args,
      @JsonProperty("env") @Nullable Map<String, String> env) {
    this.command = command == null ? List.of() : List.copyOf(command);
    this.args = args == null ? List.of() : List.copyOf(args);
    this.env = env == null ? Map.of() : Map.copyOf(env);
  }
}
