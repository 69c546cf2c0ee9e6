package dev.rouse.log;

/**
 * A hint that a log changed, here or in another process. Hints may be late, doubled or merged; who
 * needs to be sure asks for the head.
 *
 * @param namespace the Session object's namespace
 * @param sessionUid the Session object's UID
 * @param head the last sequence number as the hint knows it
 * @param deleted whether the log is gone
 */
public record LogChange(String namespace, String sessionUid, long head, boolean deleted) {}
