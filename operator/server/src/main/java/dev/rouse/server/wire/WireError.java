package dev.rouse.server.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rouse.api.wire.InvalidBody;
import dev.rouse.server.http.BodyRefused;
import dev.rouse.server.http.Call;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call that is answered with the wire's error envelope (contract §4). */
final class WireError extends Exception {

  private static final long serialVersionUID = 1L;

  /** The wire's classes of errors, with the status that each comes with. */
  enum Type {
    INVALID_REQUEST(400, "invalid_request_error"),
    AUTHENTICATION(401, "authentication_error"),
    PERMISSION(403, "permission_error"),
    NOT_FOUND(404, "not_found_error"),
    METHOD(405, "invalid_request_error"),
    CONFLICT(409, "conflict_error"),
    PRECONDITION(412, "invalid_request_error"),
    TOO_LARGE(413, "request_too_large"),
    LINE_TOO_LONG(414, "invalid_request_error"),
    RATE_LIMIT(429, "rate_limit_error"),
    HEADERS_TOO_LARGE(431, "invalid_request_error"),
    INTERNAL(500, "api_error"),
    NOT_IMPLEMENTED(501, "invalid_request_error"),
    UNAVAILABLE(503, "api_error"),
    OVERLOADED(529, "overloaded_error");

    private final int status;
    private final String wireName;

    Type(int status, String wireName) {
      this.status = status;
      this.wireName = wireName;
    }

    int status() {
      return status;
    }
  }

  private final Type type;
  private final boolean permanent;
  private final transient @Nullable ObjectNode details;

  private WireError(Type type, boolean permanent, @Nullable String code, String message) {
    this(
        type,
        permanent,
        message,
        code == null ? null : JsonNodeFactory.instance.objectNode().put("error_code", code));
  }

  private WireError(Type type, boolean permanent, String message, @Nullable ObjectNode details) {
    super(message);
    this.type = type;
    this.permanent = permanent;
    this.details = details;
  }

  WireError(Type type, String message) {
    this(type, type == Type.NOT_IMPLEMENTED, null, message);
  }

  Type type() {
    return type;
  }

  static WireError invalid(String message) {
    return new WireError(Type.INVALID_REQUEST, message);
  }

  /** The same with the machine's key for the very reason, {@code error.details.error_code}. */
  static WireError invalid(String code, String message) {
    return new WireError(Type.INVALID_REQUEST, false, code, message);
  }

  /** What the caller takes to be so is not so. @param details what is, with the reason's key */
  static WireError precondition(String message, ObjectNode details) {
    return new WireError(Type.PRECONDITION, false, message, details);
  }

  /** A body that breaks a rule. */
  static WireError of(InvalidBody invalid) {
    return new WireError(
        Type.INVALID_REQUEST, false, invalid.code().orElse(null), invalid.getMessage());
  }

  /** Something else stands against it, and will as long as nobody does anything about it. */
  static WireError conflict(String message) {
    return new WireError(Type.CONFLICT, true, null, message);
  }

  /** Something else stands against it at the moment: clients ask again by themselves. */
  static WireError notNow(String message) {
    return new WireError(Type.CONFLICT, false, null, message);
  }

  /** Something that who runs the cluster must mend first: asking again is no use. */
  static WireError broken(String message) {
    return new WireError(Type.INTERNAL, true, null, message);
  }

  static WireError notFound(String message) {
    return new WireError(Type.NOT_FOUND, message);
  }

  /** A body that was not taken. */
  static WireError of(BodyRefused refused) {
    Type type =
        switch (refused.why()) {
          case TOO_LARGE -> Type.TOO_LARGE;
          case TOO_SLOW, BROKEN -> Type.INVALID_REQUEST;
          case NO_ROOM -> Type.OVERLOADED;
        };
    return new WireError(type, Objects.requireNonNullElse(refused.getMessage(), "body refused"));
  }

  /** Answers {@code call} with this error. */
  void answer(Call call) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
    ObjectNode error =
        body.putObject("error")
            .put("type", type.wireName)
            .put("message", Objects.requireNonNullElse(getMessage(), type.wireName));
    if (details != null) {
      error.set("details", details);
    }
    body.put("request_id", call.requestId());
    if (permanent) {
      // Clients repeat what is 409 or 5xx, and this will not change by repeating.
      call.withHeader("x-should-retry", "false");
    }
    call.answer(type.status(), body);
  }
}
