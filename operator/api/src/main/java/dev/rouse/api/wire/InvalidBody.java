package dev.rouse.api.wire;

import java.util.Optional;

/** A client's body that breaks a rule; the message begins with the path of the field. */
public final class InvalidBody extends Exception {

  private static final long serialVersionUID = 1L;

  private final String message;
  private final String code;

  private InvalidBody(String message, String code) {
    super(message);
    this.message = message;
    this.code = code;
  }

  /**
   * @param path of the field @param problem a sentence about it that says the way out
   */
  public static InvalidBody at(String path, String problem) {
    return new InvalidBody(path + ": " + problem, "");
  }

  /** The same with the wire's own key for the reason. */
  public static InvalidBody coded(String path, String problem, String code) {
    return new InvalidBody(path + ": " + problem, code);
  }

  /** A part of the contract that this version does not have. */
  public static InvalidBody later(String path, Absent what) {
    return at(path, what.message());
  }

  @Override
  public String getMessage() {
    return message;
  }

  /** The wire's {@code details.error_code}, where the contract names one. */
  public Optional<String> code() {
    return code.isEmpty() ? Optional.empty() : Optional.of(code);
  }
}
