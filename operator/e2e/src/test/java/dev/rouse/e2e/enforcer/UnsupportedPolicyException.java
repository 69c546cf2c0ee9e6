package dev.rouse.e2e.enforcer;

/** A policy says what this enforcer does not know; the message names policy and field. */
public final class UnsupportedPolicyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsupportedPolicyException(String policy, String field) {
    super(
        "NetworkPolicy %s: %s is not known to the test bed's enforcer; express it otherwise"
            .formatted(policy, field));
  }
}
