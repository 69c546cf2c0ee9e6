package dev.rouse.hands.journal;

import java.io.IOException;

/** Another process works on this journal. */
public final class JournalLockedException extends IOException {

  JournalLockedException(String message) {
    super(message);
  }
}
