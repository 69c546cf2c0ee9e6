package dev.rouse.api.version;

/**
 * The name of the next version belongs to an object that is not this Agent's: usually the remains
 * of a deleted Agent of the same name, which the garbage collector is about to remove. Trying again
 * later helps.
 */
public final class VersionNameTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  VersionNameTakenException(String namespace, String revision, String agent) {
    super(
        "ControllerRevision %s in namespace %s is not owned by the present Agent %s: wait until it is collected, or delete it"
            .formatted(revision, namespace, agent));
  }
}
