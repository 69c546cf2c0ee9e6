package dev.rouse.devcluster.model.script;

import java.nio.file.Path;

/** A script that cannot be used; the message names file, line, place and the way out. */
public final class ScriptException extends RuntimeException {

  ScriptException(Path file, int line, String place, String problem) {
    super("%s:%d: %s: %s".formatted(file, line, place.isEmpty() ? "script" : place, problem));
  }

  ScriptException(String message) {
    super(message);
  }
}
