package dev.rouse.hands.journal;

import java.io.IOException;

/** An entry could not be made durable; the journal stands as if it had never been tried. */
public final class JournalFullException extends IOException {

  JournalFullException(String message, IOException cause) {
    super(message, cause);
  }
}
