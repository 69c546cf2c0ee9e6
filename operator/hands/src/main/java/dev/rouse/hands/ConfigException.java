package dev.rouse.hands;

/** A setting is missing or wrong; the message names the variable and says what it should be. */
final class ConfigException extends Exception {

  ConfigException(String message) {
    super(message);
  }
}
