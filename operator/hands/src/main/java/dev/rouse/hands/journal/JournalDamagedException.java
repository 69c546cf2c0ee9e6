package dev.rouse.hands.journal;

import java.io.IOException;

/** The journal cannot be trusted any more; the message says where, and what a person can do. */
public final class JournalDamagedException extends IOException {

  JournalDamagedException(String message) {
    super(message);
  }
}
