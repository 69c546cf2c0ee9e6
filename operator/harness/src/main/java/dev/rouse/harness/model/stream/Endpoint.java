package dev.rouse.harness.model.stream;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask.
 *
 * @param baseUrl without {@code /v1}
 * @param keyFile read for each request, its content appears nowhere else; null: no key is sent
 */
public record Endpoint(String baseUrl, @Nullable Path keyFile) {}
