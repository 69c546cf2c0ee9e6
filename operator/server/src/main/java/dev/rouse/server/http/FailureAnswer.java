package dev.rouse.server.http;

/** Answers a call that no handler could answer, in the form that its caller understands. */
@FunctionalInterface
public interface FailureAnswer {

  /**
   * Answers {@code call}.
   *
   * @param status 500 or 503
   * @param message for people; holds nothing of the server's insides
   */
  void answer(Call call, int status, String message);
}
