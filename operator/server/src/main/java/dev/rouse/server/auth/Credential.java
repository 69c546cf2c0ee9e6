package dev.rouse.server.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rouse.api.Rouse;
import dev.rouse.api.key.ApiKey;
import dev.rouse.api.key.EnvironmentKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a caller sent to say who it is. Clients send keys and tokens in either header, so the kind
 * follows from the value.
 *
 * @param text never to be logged
 */
public record Credential(String text) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Why this was not taken and what to do, for its sender. What a token says of itself is unproven:
   * good enough for a hint to whoever holds it, and for nothing else.
   */
  public String refusal(Instant now) {
    if (ApiKey.isMeantBy(text)) {
      return ApiKey.of(text).isPresent()
          ? "the API key is not valid: it was revoked, has expired, or its ServiceAccount is gone;"
              + " \"kubectl rouse key list\" shows the valid ones, \"kubectl rouse key create\""
              + " makes another"
          : "the API key is not whole: it must be " + ApiKey.PREFIX + " and 43 characters";
    }
    if (EnvironmentKey.isMeantBy(text)) {
      return "the environment key is not valid: it is not whole, was revoked, or has expired;"
          + " \"kubectl rouse environment-key list\" shows the valid ones, \"kubectl rouse"
          + " environment-key create\" makes another";
    }
    if (WorkTicket.isMeantBy(text)) {
      return "the token of a work item is not valid: it is not whole, or the environment key that"
          + " claimed the item was revoked or has expired";
    }
    Optional<JsonNode> claims = claims();
    if (claims.isPresent()) {
      return tokenRefusal(claims.get(), now);
    }
    if (text.startsWith("sk-ant-")) {
      return "the credential is a key of a model provider; Rouse takes its own API keys ("
          + ApiKey.PREFIX
          + "…, made by \"kubectl rouse key create\") and Kubernetes tokens";
    }
    return "the credential is neither an API key ("
        + ApiKey.PREFIX
        + "…, made by \"kubectl rouse key create\") nor a Kubernetes token of audience \""
        + Rouse.AUDIENCE
        + "\"";
  }

  private static String tokenRefusal(JsonNode claims, Instant now) {
    List<String> audiences = audiences(claims.path("aud"));
    if (audiences.contains(Rouse.BRAIN_AUDIENCE)) {
      return "the Kubernetes token is a brain's (audience \""
          + Rouse.BRAIN_AUDIENCE
          + "\"), which the public API never takes";
    }
    if (!audiences.contains(Rouse.AUDIENCE)) {
      return "the Kubernetes token is for another audience: ask for one with"
          + " \"kubectl create token NAME --audience="
          + Rouse.AUDIENCE
          + "\"";
    }
    if (claims.path("exp").isNumber() && claims.path("exp").asLong() <= now.getEpochSecond()) {
      return "the Kubernetes token has expired: ask for another";
    }
    return "the cluster does not accept the Kubernetes token: its ServiceAccount is gone, or"
        + " another cluster made it";
  }

  private Optional<JsonNode> claims() {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(parts[1])))
          .filter(JsonNode::isObject);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<String> audiences(JsonNode claim) {
    List<String> audiences = new ArrayList<>();
    if (claim.isTextual()) {
      audiences.add(claim.asText());
    }
    claim.forEach(one -> audiences.add(one.asText()));
    return audiences;
  }

  @Override
  public String toString() {
    return "Credential";
  }
}
