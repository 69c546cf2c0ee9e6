package dev.rouse.hands.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a running tool to end. The first reason given stays. */
public final class Cancellation {

  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable String reason;

  /** Asks the tool to end. @param why for the model, for example {@code cancelled} */
  public void cancel(String why) {
    List<Runnable> told;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      told = List.copyOf(listeners);
    }
    told.forEach(Runnable::run);
  }

  /** Why the tool is to end; empty while it may go on. */
  public synchronized Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** Calls {@code listener} when the tool is to end, at once if that was before. */
  public void onCancel(Runnable listener) {
    synchronized (this) {
      if (reason == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }
}
