package dev.rouse.server.metrics;

import dev.rouse.api.probe.Counters;
import dev.rouse.api.probe.Meters;
import dev.rouse.server.brain.Refusals;
import dev.rouse.session.protocol.BrainProtocol.Code;
import java.util.List;
import java.util.stream.Stream;

/** Counts what brains are refused; a write with code {@code fenced} is one of a former brain. */
public final class RefusalMeters implements Refusals {

  private final List<Counters<Code>> refused;

  public RefusalMeters(Meters meters) {
    refused =
        Stream.of(What.values())
            .map(what ->
                meters.counters(
                    "rouse.brain.refusals",
                    "Calls of brains that were refused",
                    "code",
                    Code.class,
                    "call",
                    Meters.text(what)))
            .toList();
  }

  @Override
  public void refused(What call, Code code) {
    refused.get(call.ordinal()).count(code);
  }
}
