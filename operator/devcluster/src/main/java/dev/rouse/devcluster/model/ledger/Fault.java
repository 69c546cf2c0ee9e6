package dev.rouse.devcluster.model.ledger;

import java.time.Instant;

/**
 * A request that was wrong.
 *
 * @param model the model it named; empty when it named none
 * @param kind one of the words of {@link dev.rouse.devcluster.model.judge.FaultKind}
 * @param message what the caller was told
 */
public record Fault(Instant at, String requestId, String model, String kind, String message) {}
