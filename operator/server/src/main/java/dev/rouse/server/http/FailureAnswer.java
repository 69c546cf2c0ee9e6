package dev.rouse.server.http;

/** Answers a call that no handler could answer, in the form that its caller understands. */
@FunctionalInterface
public interface FailureAnswer {

  /**
   * Answers {@code call}.
   *
   * @param status 400, 414 or 431 for what is no request, 500 or 503 for what is none of its fault
   * @param message for people; holds nothing of the server's insides
   */
  void answer(Call call, int status, String message);
}
