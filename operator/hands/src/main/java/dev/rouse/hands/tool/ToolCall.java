package dev.rouse.hands.tool;

import java.time.Duration;

/**
 * One call.
 *
 * @param id the tool-use id; safe as a file name
 * @param input what the model gave
 * @param timeout the most that the call may take
 * @param cancellation tells the tool to end early
 */
public record ToolCall(String id, ToolInput input, Duration timeout, Cancellation cancellation) {}
