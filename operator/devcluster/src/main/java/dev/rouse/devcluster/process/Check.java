package dev.rouse.devcluster.process;

/** Something that is waited for by looking. */
@FunctionalInterface
public interface Check {

  /** Whether it holds; an exception means "not yet". */
  boolean holds() throws Exception;

  /** {@link #holds} with the exception taken for what it means. */
  default boolean holdsNow() throws InterruptedException {
    try {
      return holds();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception notYet) {
      return false;
    }
  }
}
