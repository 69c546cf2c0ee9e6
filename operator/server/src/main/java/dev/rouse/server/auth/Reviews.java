package dev.rouse.server.auth;

import java.util.Optional;

/** The two questions that only the API server answers; blocking. */
public interface Reviews {

  /**
   * Who a token belongs to, or empty if it is not valid for {@code audience}.
   *
   * @throws ReviewUnavailable when the API server cannot be asked
   */
  Optional<Identity> identify(String token, String audience);

  /**
   * Whether {@code who} has this right.
   *
   * @throws ReviewUnavailable when the API server cannot be asked
   */
  boolean allows(Identity who, Access access);
}
