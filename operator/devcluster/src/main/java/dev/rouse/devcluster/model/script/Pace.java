package dev.rouse.devcluster.model.script;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How slowly a turn is played.
 *
 * @param delay before the first byte of the answer
 * @param chunkDelay before every piece of a streamed text or input
 * @param hold a file whose appearance the answer waits for, or null
 */
public record Pace(Duration delay, Duration chunkDelay, @Nullable Path hold) {}
