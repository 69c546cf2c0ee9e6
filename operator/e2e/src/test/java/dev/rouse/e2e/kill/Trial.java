package dev.rouse.e2e.kill;

import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * A session that comes to a point at which a blow falls that hits all, and is judged afterwards.
 */
interface Trial extends AutoCloseable {

  /** Waits until the session stands at its point. */
  void awaitReached() throws InterruptedException;

  /** Says what is to be said while the blow falls. */
  void beginToSpeak(Executor threads);

  /** Lets the session go on after the blow. */
  void goOn() throws IOException;

  /** Waits until the session rests, and judges what it left. */
  void judge();

  @Override
  void close();
}
