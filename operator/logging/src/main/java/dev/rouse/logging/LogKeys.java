package dev.rouse.logging;

import java.util.List;

/**
 * The keys that a log line may have besides time, level, logger, message and error. There are no
 * others, so that a query that works for one program works for all; what else there is to say
 * stands in the message.
 */
public final class LogKeys {

  /** All of them. */
  public static final List<String> ALL =
      List.of(
          // The Session object's namespace; of the operator's own lines, the release's.
          "namespace",
          // The Session object's UID.
          "session",
          // The brain's epoch.
          "epoch",
          // A sequence number of the session's log.
          "seq",
          // The UID of a brain's pod.
          "pod",
          // The event id of a call.
          "toolUse",
          // What the answer to an HTTP call names in its request-id header.
          "requestId");

  private LogKeys() {}
}
