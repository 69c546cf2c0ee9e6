package dev.rouse.hands.tool;

/** The model's input is wrong; the message names the field and says what it should be. */
public final class BadInputException extends Exception {

  public BadInputException(String message) {
    super(message);
  }
}
