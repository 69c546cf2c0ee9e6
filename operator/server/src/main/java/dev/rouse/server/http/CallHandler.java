package dev.rouse.server.http;

/** Answers one call; runs on a virtual thread and may block. */
@FunctionalInterface
public interface CallHandler {

  /**
   * Answers {@code call}.
   *
   * @throws Exception when it could not be answered; the edge then answers 500, or breaks the
   *     connection if the answer has begun
   */
  void handle(Call call) throws Exception;
}
